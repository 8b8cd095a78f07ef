"""Reading visits: one visit, its pictures."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext

from minqing.core.errors import NotFound
from minqing.files.queries import pictures_sent_by
from minqing.files.responses import picture_response
from minqing.matters.queries import matter_for, said_at_door
from minqing.org.access import PageRequest, looked, page
from minqing.sync.enums import Arrival
from minqing.sync.queries import photos_missing
from minqing.visits.enums import Met
from minqing.visits.queries import (
    visible_entries,
    visible_photos,
    visible_visits,
    with_diary,
)
from minqing.visits.queries.promises import made_in
from minqing.visits.queries.visibility import visits_before
from minqing.visits.rules import READERS, may_record

SIZES = {"small", "full"}
INDENT = "\u3000"


def told_missing(state: Arrival, number: int) -> str:
    """What a visit says of photos that its diary names and that are not here."""
    if state == Arrival.OWED:
        told = ngettext(
            "%(n)d photo is still to come from the phone.", "%(n)d photos are still to come from the phone.", number
        )
    elif state == Arrival.LOST:
        told = ngettext("%(n)d photo was lost on the phone.", "%(n)d photos were lost on the phone.", number)
    else:
        told = ngettext("%(n)d photo could not be taken.", "%(n)d photos could not be taken.", number)
    return told % {"n": number}


@page(roles=READERS)
def show_visit(request: PageRequest, visit_id: UUID) -> HttpResponse:
    actor = request.actor
    visit = with_diary(visible_visits(actor)).filter(pk=visit_id).first()
    entry = visible_entries(actor).prefetch_related("met_residents").filter(visit_id=visit_id).first()
    if visit is None or entry is None:
        raise NotFound("visit")
    looked(request, "visits.visit.viewed", f"household:{visit.household_id}", visit=str(visit.pk))
    context = {
        "visit": visit,
        "after_closing": visit.household.closed_at is not None and visit.recorded_at >= visit.household.closed_at,
        "entry": entry,
        "met": Met(visit.met).label,
        "people": entry.met_residents.all(),
        "hazards": [one.hazard for one in visit.hazards.all()],
        "photos": visible_photos(actor).filter(visit_id=visit.pk).order_by("id"),
        "missing": [told_missing(state, n) for state, n in photos_missing(f"visit:{visit.pk}").items()],
        "matter": matter_for(actor, entry.matter_id) if entry.matter_id else None,
        "promises": made_in(actor, visit.pk),
        "said": said_at_door(actor, visit.pk, visit.household_id),
        "earlier": visits_before(actor, visit, 3),
        "may_write": may_record(actor, visit.area_id),
    }
    return render(request, "visits/detail.html", context)


@page(roles=READERS)
def show_picture(request: PageRequest, picture_id: UUID, size: str) -> HttpResponseBase:
    """A picture of a visit that the actor may see, or one that the actor has just sent."""
    actor = request.actor
    seen = visible_photos(actor).filter(attachment_id=picture_id).exists()
    if size not in SIZES or not (seen or pictures_sent_by(actor, [picture_id]).exists()):
        raise NotFound("picture")
    return picture_response(attachment_id=picture_id, thumbnail=size == "small")
