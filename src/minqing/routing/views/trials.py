"""A draft tried on past matters, and the matters that went through a rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.matters import queries
from minqing.org.access import PageRequest, page
from minqing.org.queries import unit_names
from minqing.routing.forms.routes import ReplayForm
from minqing.routing.models import RouteReplay
from minqing.routing.queries import routes as rules
from minqing.routing.services.drafts import digest_of_rules
from minqing.routing.views.drafts import draft_or_404
from minqing.routing.views.routes import KEEPERS, PERIODS, period_of
from minqing.web.paging import page_of

PAGE = 50


@page(roles=KEEPERS)
def routes_replay(request: PageRequest, set_id: UUID) -> HttpResponse:
    """GET shows the last trial of a draft, POST makes one."""
    draft = draft_or_404(request, set_id)
    form = ReplayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.apply(routes=draft, by=request.actor)
        return redirect("routing:routes_replay", draft.pk)
    trial = rules.last_replay(draft)
    context: dict[str, Any] = {"routes": draft, "form": form, "replay": trial, "page": None, "items": []}
    if trial:
        context["page"] = page_of(trial.moved, request, size=PAGE)
        context["items"] = moved_items(request, trial, list(context["page"]))
        context["current"] = trial.digest == digest_of_rules(draft)
    return render(request, "routing/routes_replay.html", context, status=422 if request.method == "POST" else 200)


def moved_items(request: PageRequest, trial: RouteReplay, rows: list[list[Any]]) -> list[dict[str, object]]:
    """The matters of one page of a trial, as far as the actor may see them now, in three queries."""
    matters = queries.visible_matters(request.actor).filter(pk__in=[row[0] for row in rows])
    by_id = {str(one.pk): one for one in matters.select_related("area", "category").defer("text", "search")}
    units = unit_names()
    names = {str(row.pk): row.name for row in rules.routes_of(trial.set)}
    return [
        {
            "matter": by_id[key],
            "before": units.get(before, ""),
            "after": units.get(after, ""),
            "end": units.get(end, ""),
            "rule": names.get(rule or "", ""),
            "better": end is not None and after == end,
            "worse": end is not None and before == end,
        }
        for key, before, after, end, rule in rows
        if key in by_id
    ]


@page(roles=KEEPERS)
def route_matters(request: PageRequest, route_id: UUID) -> HttpResponse:
    """The rows behind a rule's return rate: matters that it sent to their unit, narrowed by what became of them."""
    route = rules.route_for(request.actor, route_id)
    if route is None:
        raise NotFound("route")
    days, kind = period_of(request), request.GET.get("kind", "")
    found = rules.seen_through(request.actor, route, since=clock.now() - timedelta(days=days), fate=kind)
    context = {
        "route": route,
        "page": page_of(found, request, size=PAGE),
        "kind": kind if kind in rules.FATES else "",
        "days": days,
        "periods": PERIODS,
    }
    return render(request, "routing/routes_matters.html", context)
