"""How areas have changed: one change with how far it is, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.administration.forms.areas import area_press
from minqing.administration.rules import OPERATORS
from minqing.core.errors import NotFound
from minqing.org import services
from minqing.org.access import PageRequest, page
from minqing.org.enums import ChangeKind, ChangeState
from minqing.org.protocols import AreaLike
from minqing.org.queries.changes import change_of, may_be_undone
from minqing.org.tasks import ask_to_carry


def found(change_id: UUID) -> Any:
    if (change := change_of(change_id)) is None:
        raise NotFound("change")
    return change


@page(roles=OPERATORS)
@require_safe
def change(request: PageRequest, change_id: UUID) -> HttpResponse:
    """What was changed, how many rows have gone along so far, and the button to undo it, or why it cannot be."""
    here = found(change_id)
    context = {
        "change": here,
        "told": sentence(here),
        "state": ChangeState(here.state).label,
        "decision": may_be_undone(here),
        "settled": here.state != ChangeState.DONE,
        "press": area_press(here.area),
    }
    template = "administration/change.html"
    return render(request, f"{template}#state" if request.htmx else template, context)


@page(roles=OPERATORS)
@require_POST
def undo(request: PageRequest, change_id: UUID) -> HttpResponse:
    here = found(change_id)
    if area_press(here.area, request.POST).is_new():
        services.undo_change(change=here, by=request.actor)
        ask_to_carry()
        messages.success(request, _("It is undone."))
    return redirect("administration:change", here.pk)


def sentence(change: Any) -> str:
    """What was done, in the words of that day."""
    names = {
        "old": change.name,
        "new": change.area.name,
        "into": change.into.name if change.into else "",
        "former": change.former.name if change.former else "",
    }
    if change.kind == ChangeKind.MERGE:
        return _("%(old)s became part of %(into)s") % names
    if change.kind == ChangeKind.HANG:
        return _("%(old)s came from %(former)s to %(into)s") % names
    return _("Until then it was called %(old)s") % names


def told_of(area: AreaLike, changes: Iterable[Any]) -> list[dict[str, Any]]:
    """The history of an area, the newest first."""
    return [{"change": one, "told": sentence(one), "state": ChangeState(one.state).label} for one in changes]
