"""The leader's page: figures that lead to their rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.desk.forms import DEFAULT, LeaderFilter
from minqing.desk.queries import leader as read
from minqing.org.access import PageRequest, page
from minqing.org.enums import OVERSIGHT, Level
from minqing.org.queries import boundaries_of, few_of
from minqing.web.asked import whole_number
from minqing.web.htmx import partial

INDENT = "\u3000"
IN_FILTER = {Level.TOWNSHIP.value, Level.VILLAGE.value}


@page(roles=OVERSIGHT)
def leader(request: PageRequest) -> HttpResponse:
    """Figures of a period and an area. The number of queries does not depend on how many matters there are."""
    form, scope = asked(request)
    categories, places = read.by_category(scope), read.by_place(scope)
    context = {
        "form": form,
        "scope": scope,
        "map_query": request.GET.urlencode(),
        "matters": read.matter_figures(scope),
        "words": read.word_figures(scope),
        "visits": read.visit_figures(scope),
        "categories": categories,
        "places": places,
        "category_bars": read.bars(categories, "received", _("Received")),
        "place_bars": read.bars(places, "open", _("Open now")),
        "trend": read.trend(scope),
    }
    return partial(request, "desk/leader.html", "figures", context)


@page(roles=OVERSIGHT)
def map_data(request: PageRequest) -> JsonResponse:
    """The areas next below the one looked at, with their open matters, as the map takes them."""
    _form, scope = asked(request)
    groups = {one.key: one for one in read.by_place(scope)}
    shapes = [one for one in scope.areas if str(one.id) in groups]
    borders = boundaries_of(shape.id for shape in shapes)
    return JsonResponse(
        {
            "areas": [shape_of(one, groups[str(one.id)], borders.get(one.id)) for one in shapes],
            "points": [],
            "unit": _("matters"),
        }
    )


def shape_of(area: Any, group: read.Group, border: dict[str, Any] | None) -> dict[str, Any]:
    told = _("%(name)s: %(open)d open, %(overdue)d overdue")
    return {
        "name": area.name,
        "value": group.open,
        "label": told % {"name": "", "open": group.open, "overdue": group.overdue},
        "url": group.links["open"],
        "geometry": border,
    }


def asked(request: PageRequest) -> tuple[LeaderFilter, read.Scope]:
    """The filter as asked for; an area that is not the actor's does not exist."""
    now, today = clock.now(), clock.today()
    everything = read.Scope(actor=request.actor, since=today, until=today, now=now)
    top = everything.path.count(".")
    named = [one for one in everything.areas if one.level in IN_FILTER and one.path != everything.path]
    shown = few_of(named, whole_number(request.GET, "area"))
    choices = [(one.id, INDENT * (one.path.count(".") - top - 1) + one.name) for one in shown]
    # what is not asked for is shown as what is taken
    form = LeaderFilter({"period": DEFAULT} | request.GET.dict(), areas=choices)
    since, until = form.days(today)
    area_id = form.cleaned_data.get("area") if form.is_valid() else None
    scope = read.Scope(actor=request.actor, since=since, until=until, now=now, area_id=area_id)
    # the areas are the same; they are not read twice
    scope.__dict__["areas"] = everything.areas
    return form, scope
