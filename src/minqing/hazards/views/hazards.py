"""The staff's pages of hazards: list, report one, one hazard and what can be done with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.deadlines.enums import Rung, carried_to
from minqing.exports.views import ask
from minqing.files.responses import picture_response
from minqing.hazards import queries
from minqing.hazards.enums import Move
from minqing.hazards.forms.finding import HazardForm, PutRightForm
from minqing.hazards.forms.moves import MOVES
from minqing.hazards.lists import FINDS, HAZARDS, called
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.queries.checklists import checklist_sent, current_checklists
from minqing.hazards.rules import READS, SEES, may, may_find
from minqing.households.queries import visible_household
from minqing.listing.views import list_page
from minqing.matters.queries import visible_matters
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD, Level
from minqing.org.queries import areas_seen
from minqing.web.moves import MoveForm
from minqing.web.query_params import asked_id

export = ask
listed = list_page(HAZARDS)
both = require_http_methods(["GET", "HEAD", "POST"])
# something that is on no checklist
NO_LIST = "none"


@page(roles=FINDS)
@both
def new(request: PageRequest) -> HttpResponse:
    """First by which checklist, then what was seen."""
    actor, chosen = request.actor, request.GET.get("list", "")
    home = visible_household(actor, asked_id(request.GET, "household")) if "household" in request.GET else None
    if home:
        may_find(actor, home.area_id).require()
    if not chosen:
        return render(request, "hazards/lists.html", {"lists": current_checklists(), "household": home})
    version = list_named(chosen)
    places = [(one.id, one.name) for one in areas_seen(actor) if one.level in {Level.VILLAGE, Level.GRID}]
    form = HazardForm(request.POST or None, request.FILES or None, version=version, household=home, places=places)
    if form.is_valid() and (made := form.apply(by=actor)):
        messages.success(request, _("Reported: %(state)s.") % {"state": made.state_label})
        return redirect("hazards:detail", made.pk)
    if form.is_bound:
        form.keep(by=actor)
    context = {"form": form, "version": version, "household": home}
    return render(request, "hazards/new.html", context, status=422 if form.is_bound else 200)


def list_named(chosen: str) -> ChecklistVersion | None:
    """By the number of its version, as the page shows it; None for what is on no list."""
    if chosen == NO_LIST:
        return None
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 9:
        raise NotFound("checklist")
    return checklist_sent(int(chosen))


@page(roles=SEES)
@require_safe
def detail(request: PageRequest, hazard_id: UUID) -> HttpResponse:
    """One hazard: what it is, where it stands, what can be done now. That it was looked at is journalled."""
    row = queries.hazard_for(request.actor, hazard_id)
    looked(request, "hazards.hazard.looked_at", f"hazard:{row.pk}", number=row.number)
    return detail_page(request, row)


def detail_page(request: PageRequest, row: Hazard, *, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    found, after = queries.pictures_of(row)
    matter = visible_matters(actor).filter(pk=row.matter_id).first() if row.matter_id else None
    context: dict[str, object] = {
        "row": row,
        "due": queries.dues(clock.now())(row),
        "rung": carried_to(Rung(row.rung), waiting=True) if queries.is_carried_up(row) else "",
        "found": found,
        "after": after,
        "matter": matter,
        "offers": MOVES.offers(row, actor, form),
        "may_put_right": may(Move.PUT_RIGHT, actor, row.situation),
        "not_now": [one for one in MOVES.not_now(row, actor) if one.verb == Move.CLOSE],
        "reads": actor.has(*READS),
        "title": called(row, actor),
    }
    return render(request, "hazards/detail.html", context, status=status)


@page(roles=FIELD)
@both
def put_right(request: PageRequest, hazard_id: UUID) -> HttpResponse:
    """How it was put right, with photos."""
    row = queries.hazard_for(request.actor, hazard_id)
    form = PutRightForm(request.POST or None, request.FILES or None, row=row)
    if form.is_valid() and form.apply(row=row, by=request.actor):
        messages.success(request, _("Noted. The township's clerk looks at it."))
        return redirect("hazards:detail", row.pk)
    if form.is_bound:
        form.keep(by=request.actor)
    else:
        may(Move.PUT_RIGHT, request.actor, row.situation).require()
    context = {"row": row, "form": form}
    return render(request, "hazards/put_right.html", context, status=422 if form.is_bound else 200)


@page(roles=FIELD)
@require_POST
def move(request: PageRequest, hazard_id: UUID, verb: str) -> HttpResponse:
    """One press, or a move with its reason."""
    row = queries.hazard_for(request.actor, hazard_id)
    return MOVES.sent(
        request,
        verb,
        row,
        request.actor,
        done=lambda: redirect("hazards:detail", row.pk),
        again=lambda form: detail_page(request, row, form=form, status=422),
    )


@page(roles=READS)
@require_safe
def photo(request: PageRequest, hazard_id: UUID, photo_id: UUID) -> HttpResponse:
    row = queries.hazard_for(request.actor, hazard_id)
    if not any(photo_id in some for some in queries.pictures_of(row)):
        raise NotFound("photo")
    return picture_response(attachment_id=photo_id, thumbnail="small" in request.GET)
