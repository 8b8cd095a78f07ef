"""Reading visits: the list, one visit, its pictures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from minqing.core.errors import NotFound
from minqing.files.queries import pictures_sent_by
from minqing.files.responses import picture_response
from minqing.matters.queries import matter_for, said_at_door
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import Level
from minqing.org.queries import areas_seen, few_of
from minqing.visits.enums import Hazard, Met
from minqing.visits.forms.diary import VisitFilter
from minqing.visits.queries import (
    Shown,
    filtered,
    last_visits,
    visible_entries,
    visible_photos,
    visible_visits,
    with_diary,
)
from minqing.visits.rules import LISTERS, READERS, may_record, reads_diaries
from minqing.web.asked import whole_number
from minqing.web.htmx import partial
from minqing.web.paging import page_of

SIZES = {"small", "full"}
INDENT = "\u3000"


@page(roles=LISTERS)
def list_visits(request: PageRequest) -> HttpResponse:
    """All visits of the actor's areas, narrowed by the filter; leaders see them without people and words."""
    actor = request.actor
    form = VisitFilter(request.GET, areas=area_choices(request))
    chosen = form.cleaned_data if form.is_valid() else {}
    visits = filtered(
        actor,
        area_id=int(chosen["area"]) if chosen.get("area") else None,
        account_id=actor.id if chosen.get("mine") else None,
        since=chosen.get("since"),
        until=chosen.get("until"),
        met=chosen.get("met", ""),
        hazard=chosen.get("hazard", ""),
        once=chosen.get("once", False),
    )
    reads = reads_diaries(actor)
    rows = page_of(Shown(actor, visits), request)
    context = {
        "form": form,
        "page": rows,
        "reads": reads,
        "rows": [row(visit, reads=reads) for visit in rows],
        "narrowed": any(chosen.values()),
        "more": any(value for name, value in chosen.items() if name not in {"mine", "area"}),
    }
    return partial(request, "visits/list.html", "results", context)


def row(visit: Any, *, reads: bool) -> dict[str, Any]:
    """What the list says of one visit."""
    entry = getattr(visit, "entry", None) if reads else None
    return {
        "visit": visit,
        "met": Met(visit.met).label,
        "hazards": [Hazard(one.kind).label for one in visit.hazards.all()],
        "text": entry.text if entry else "",
        "matter": entry.matter_id if entry else None,
    }


def area_choices(request: PageRequest) -> list[tuple[int, str]]:
    """Areas for the filter: no grids, unless one is asked for, and of a whole county one after the other."""
    areas = areas_seen(request.actor)
    chosen = whole_number(request.GET, "area")
    return [
        (one.id, INDENT * indent(one) + one.name)
        for one in few_of([one for one in areas if one.level != Level.GRID or one.id == chosen], chosen)
    ]


def indent(area: Any) -> int:
    return max(0, area.path.count(".") - 2)


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
        "entry": entry,
        "met": Met(visit.met).label,
        "people": entry.met_residents.all(),
        "hazards": [{"name": Hazard(one.kind).label, "note": one.note} for one in visit.hazards.all()],
        "photos": visible_photos(actor).filter(visit_id=visit.pk).order_by("id"),
        "matter": matter_for(actor, entry.matter_id) if entry.matter_id else None,
        "said": said_at_door(actor, visit.pk, visit.household_id),
        "earlier": last_visits(actor, visit.household_id).filter(visited_at__lt=visit.visited_at)[:3],
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
