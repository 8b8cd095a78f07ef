"""The leader's page: figures that lead to their rows, each room's own."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.desk.forms import DEFAULT, LeaderFilter
from minqing.org.access import PageRequest, page
from minqing.org.enums import OVERSIGHT, Level
from minqing.org.queries import areas_seen, few_of
from minqing.web.htmx import partial
from minqing.web.overview import Scope
from minqing.web.query_params import whole_number
from minqing.web.slots import given

INDENT = "\u3000"
IN_FILTER = {Level.TOWNSHIP.value, Level.VILLAGE.value}


@page(roles=OVERSIGHT)
def leader(request: PageRequest) -> HttpResponse:
    """Figures of a period and an area. The number of queries does not depend on how many rows there are."""
    form, scope = asked(request)
    shown = given("desk.leader", request, scope)
    context = {
        "form": form,
        "scope": scope,
        "now": [figure for one in shown for figure in one.now],
        "period": [figure for one in shown for figure in one.period],
        "panels": [panel for one in shown for panel in one.panels],
    }
    return partial(request, "desk/leader.html", "figures", context)


@page(roles=OVERSIGHT)
def map_data(request: PageRequest) -> JsonResponse:
    """The areas next below the one looked at as the map takes them, with the numbers of the first room that has any."""
    _form, scope = asked(request)
    layer = next(iter(given("desk.map", request, scope)), None)
    if layer is None:
        raise NotFound("map")
    return JsonResponse({"areas": list(layer.areas), "points": [], "unit": layer.unit})


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
    area_id = form.cleaned_data.get("area") if form.is_valid() else None
    query = request.GET.urlencode()
    map_url = reverse("desk:map_data") + (f"?{query}" if query else "")
    scope = Scope(actor=request.actor, since=since, until=until, now=now, areas=areas, area_id=area_id, map_url=map_url)
    return form, scope
