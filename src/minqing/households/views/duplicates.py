"""Two entries that may be one person: both beside each other, what becomes of them, and the way back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import Invalid
from minqing.households.models import Duplicate
from minqing.households.queries.duplicates import (
    merged_since,
    reasons_of,
    sides_of,
    visible_duplicate,
    visible_duplicates,
)
from minqing.households.rules import MERGES, may_merge
from minqing.households.services import decide_duplicate, undo_duplicate
from minqing.org.access import PageRequest, looked, page
from minqing.web import undo
from minqing.web.forms import Press

TWO_PEOPLE = "two"


def press_of(row: Duplicate, data: object = None) -> Press:
    """Pressed on both as they stood there: of somebody corrected meanwhile it is another question."""
    stands = [row.decided_at, *((one.changed_at, one.left_at, one.household_id) for one in (row.resident, row.twin))]
    return Press(f"duplicate:{row.pk}", stands, data=data)  # type: ignore[arg-type]


def undo_press(row: Duplicate, data: object = None) -> Press:
    """Pressed on what was decided: of something else that was decided since it is another question."""
    return Press(f"duplicate:{row.pk}", [row.decided_at, row.kept_id], data=data)  # type: ignore[arg-type]


@page(roles=MERGES)
def duplicate(request: PageRequest, duplicate_id: UUID) -> HttpResponse:
    row = visible_duplicate(request.actor, duplicate_id)
    if request.method == "POST":
        keep = chosen(row, request.POST.get("keep", ""))
        if press_of(row, request.POST).is_new():
            row = decide_duplicate(duplicate_id=row.pk, keep=keep, by=request.actor)
            said = _("Now one entry: the other one has ended.") if keep else _("Kept as two people.")
            back = reverse("households:duplicate_undo", args=[row.pk])
            undo.done(request, said, undo=back, seen=undo_press(row).token)
        return redirect("households:duplicate", row.pk)
    sides = sides_of(request.actor, row)
    for home in dict.fromkeys(one.household for one in sides):
        looked(request, "households.household.viewed", f"household:{home}", duplicate=str(row.pk))
    open_now = row.decided_at is None and not (row.resident.left_at or row.twin.left_at)
    since = merged_since(row) if row.kept_id else None
    may = may_merge(request.actor, row.resident.area_id, row.twin.area_id)
    context = {
        "row": row,
        "sides": sides,
        "reasons": reasons_of(row),
        "press": press_of(row) if open_now and may else None,
        "gone": not open_now and row.decided_at is None,
        "undo": undo_press(row) if row.decided_at and may and not since else None,
        "since": since,
        "sees_since": since is not None and visible_duplicates(request.actor).filter(pk=since.pk).exists(),
    }
    return render(request, "households/duplicate.html", context)


def chosen(row: Duplicate, typed: str) -> UUID | None:
    choices: dict[str, UUID | None] = {
        TWO_PEOPLE: None,
        str(row.resident_id): row.resident_id,
        str(row.twin_id): row.twin_id,
    }
    if typed not in choices:
        raise Invalid("choose", _("Choose which entry stays, or that they are two people."))
    return choices[typed]


@page(roles=MERGES)
@require_POST
def take_back(request: PageRequest, duplicate_id: UUID) -> HttpResponse:
    row = visible_duplicate(request.actor, duplicate_id)
    if undo_press(row, request.POST).is_new():
        undo_duplicate(duplicate_id=row.pk, decided_at=row.decided_at, by=request.actor)
        messages.success(request, _("Taken back: both entries stand again."))
    return redirect("households:duplicate", row.pk)
