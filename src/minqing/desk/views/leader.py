"""The leader's page: what waits for a decision, and figures that lead to their rows, each room's own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.desk.forms import DEFAULT, MONTH, PERIODS, QUARTER, WEEK, LeaderFilter
from minqing.desk.views.waiting import asked_of, by_urgency
from minqing.org.access import PageRequest, page
from minqing.org.enums import OVERSIGHT, Level, Role
from minqing.org.queries import areas_seen, few_of
from minqing.web.overview import Overview, Panel, Scope
from minqing.web.pieces import Segment, link
from minqing.web.query_params import whole_number
from minqing.web.slots import given

INDENT = "\u3000"
IN_FILTER = {Level.TOWNSHIP.value, Level.VILLAGE.value}
OFFERED = (WEEK, MONTH, QUARTER)


@page(roles=OVERSIGHT)
def leader(request: PageRequest) -> HttpResponse:
    """Figures of a period and an area. The number of queries does not depend on how many rows there are."""
    form, scope = asked(request)
    shown: list[Overview] = given("desk.leader", request, scope)
    panels: dict[str, list[Panel]] = {"left": [], "right": [], "below": []}
    for panel in [panel for one in shown for panel in one.panels]:
        panels[panel.place].append(panel)
    asks = asked_of(request, scope.now)
    context = {
        "form": form,
        "scope": scope,
        "periods": segments(form),
        "asks": asks,
        "decides": request.actor.has(Role.LEADER),
        "waiting": by_urgency(request, scope.now, asks),
        "leads": [one.lead for one in shown if one.lead],
        "strips": shown,
        "panels": panels,
    }
    return render(request, "desk/leader.html", context)


def asked(request: PageRequest) -> tuple[LeaderFilter, Scope]:
    """The filter as asked for; an area that is not the actor's does not exist."""
    now, today = clock.now(), clock.today()
    areas = areas_seen(request.actor)
    everything = Scope(actor=request.actor, since=today, until=today, now=now, areas=areas)
    top = everything.path.count(".")
    named = [one for one in areas if one.level in IN_FILTER and one.path != everything.path]
    shown = few_of(named, whole_number(request.GET, "area"))
    choices = [(one.id, INDENT * (one.path.count(".") - top - 1) + one.name) for one in shown]
    # what is not asked for is shown as what is taken
    form = LeaderFilter({"period": DEFAULT} | request.GET.dict(), areas=choices)
    since, until = form.days(today)
    area_id = form.chosen.get("area")
    return form, Scope(actor=request.actor, since=since, until=until, now=now, areas=areas, area_id=area_id)


def segments(form: LeaderFilter) -> list[Segment]:
    """The usual periods as links that keep the area, and what else was chosen."""
    chosen, area = form.period_chosen, form.chosen.get("area")
    found = [Segment(PERIODS[one], link("desk:leader", period=one, area=area), one == chosen) for one in OFFERED]
    if chosen not in OFFERED:
        label = PERIODS.get(chosen, _("Days chosen"))
        found.append(Segment(label, link("desk:leader", **form.data), current=True))
    return found
