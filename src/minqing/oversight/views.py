"""What waits for a decision, decided where it stands: the form of a move, by itself or in the row that asks."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.matters import queries, rules
from minqing.matters.access import matter_or_404
from minqing.matters.enums import Move
from minqing.matters.forms.moves import FORMS, MoveForm
from minqing.org.access import PageRequest, page
from minqing.org.queries import units_for
from minqing.web.htmx import partial
from minqing.web.query_params import way_back

DECIDED: Final = (
    Move.GRANT_EXTENSION,
    Move.REFUSE_EXTENSION,
    Move.DECIDE,
    Move.DECIDE_PART,
    Move.SUPERVISE,
    Move.NOTE,
)
DECIDERS: Final = rules.movers(Move.GRANT_EXTENSION, Move.DECIDE, Move.DECIDE_PART, Move.SUPERVISE)


@page(roles=DECIDERS)
def ask(request: PageRequest, matter_id: UUID, move: str) -> HttpResponse:
    """The form of a move; POST makes it and leads back to where it was asked."""
    matter = matter_or_404(request, matter_id)
    if move not in DECIDED:
        raise NotFound("move")
    made = Move(move)
    form = form_of(request, matter, made)
    if form.is_bound and form.is_valid() and form.apply(by=request.actor):
        return done(request, matter, made)
    if not form.is_bound:
        # what cannot be done now is said before anything is typed
        rules.may(made, request.actor, matter.situation).require()
    # a word about what was carried up says that it is not supervised for now
    later = made is Move.NOTE
    label = _("Do not supervise it for now") if later else made.label
    context = {"matter": matter, "move": made, "label": label, "later": later, "form": form, "next": way_back(request)}
    return partial(request, "oversight/ask.html", "answer", context, status=422 if form.is_bound else 200)


def form_of(request: PageRequest, matter: Any, move: Move) -> MoveForm:
    """The very form of the matter's own page."""
    given: dict[str, Any] = {"units": units_for([matter.area.path])} if move in {Move.DECIDE, Move.DECIDE_PART} else {}
    if move is Move.DECIDE_PART:
        given["parts"] = queries.dossier_of(matter.pk).parts
    return FORMS[move](request.POST or None, by=request.actor, matter=matter, **given)


def done(request: PageRequest, matter: Any, move: Move) -> HttpResponse:
    said = _("%(done)s.") % {"done": move.done}
    url = reverse("matters:detail", args=[matter.pk])
    if getattr(request, "htmx", None):
        return render(request, "web/parts/ask_done.html", {"said": said, "title": matter.title, "url": url})
    messages.success(request, said)
    return redirect(way_back(request) or url)
