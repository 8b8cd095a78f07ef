"""Changing a draft: its rules and its test cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import Conflict, NotFound
from minqing.matters import queries
from minqing.org.access import PageRequest, page
from minqing.org.queries import units_at_work
from minqing.routing import services
from minqing.routing.enums import RouteState
from minqing.routing.forms.routes import CaseForm, RouteForm
from minqing.routing.models import RouteSet
from minqing.routing.queries import routes as rules
from minqing.routing.rules import may_keep_routes
from minqing.routing.views.routes import KEEPERS, places, press_of, set_or_404

VERBS = {"up", "down", "drop"}


def draft_or_404(request: PageRequest, set_id: UUID) -> RouteSet:
    """A draft that the actor may change; 403 for rules that are only to be read, 409 for those in force."""
    found = set_or_404(request, set_id)
    may_keep_routes(request.actor, area_id=found.area_id, level=found.area.level).require()
    if found.state != RouteState.DRAFT:
        raise Conflict("not_a_draft", _("Only a draft can be changed. Make a draft of these rules first."))
    return found


def offered(request: PageRequest, routes: RouteSet) -> dict[str, Any]:
    """What both forms choose from: the units that work for the area or inside it."""
    inside = routes.area.path
    units = [unit for unit in units_at_work() if inside.startswith(unit.area.path) or unit.area.path.startswith(inside)]
    return {"categories": queries.categories(), "areas": places(request, routes), "units": units, "routes": routes}


@page(roles=KEEPERS)
def route_new(request: PageRequest, set_id: UUID) -> HttpResponse:
    return rule_page(request, draft_or_404(request, set_id), None)


@page(roles=KEEPERS)
def route_edit(request: PageRequest, set_id: UUID, route_id: UUID) -> HttpResponse:
    return rule_page(request, draft_or_404(request, set_id), route_id)


def rule_page(request: PageRequest, draft: RouteSet, route_id: UUID | None) -> HttpResponse:
    rows = rules.routes_of(draft)
    route = next((one for one in rows if one.pk == route_id), None)
    if route_id is not None and route is None:
        raise NotFound("route")
    data = request.POST if request.method == "POST" else None
    form = RouteForm(data, rows=rows, route=route, **offered(request, draft))
    if data is not None and form.is_valid() and form.apply(by=request.actor):
        messages.success(request, _("The rule is kept in the draft."))
        return redirect("routing:routes_set", draft.pk)
    context = {"form": form, "routes": draft, "route": route}
    return render(request, "routing/routes_rule.html", context, status=200 if data is None else 422)


@page(roles=KEEPERS)
@require_POST
def route_do(request: PageRequest, set_id: UUID, route_id: UUID, verb: str) -> HttpResponse:
    """Move a rule up or down, or take it out."""
    draft = draft_or_404(request, set_id)
    route = next((one for one in rules.routes_of(draft) if one.pk == route_id), None)
    if verb not in VERBS:
        raise NotFound("route")
    if not press_of(draft, data=request.POST).is_new():
        return redirect("routing:routes_set", draft.pk)
    if route is None:
        raise NotFound("route")
    if verb == "drop":
        services.drop_route(route=route, by=request.actor)
    else:
        services.move_route(route=route, up=verb == "up", by=request.actor)
    return redirect("routing:routes_set", draft.pk)


@page(roles=KEEPERS)
def case_new(request: PageRequest, set_id: UUID) -> HttpResponse:
    return case_page(request, draft_or_404(request, set_id), None)


@page(roles=KEEPERS)
def case_edit(request: PageRequest, set_id: UUID, case_id: UUID) -> HttpResponse:
    return case_page(request, draft_or_404(request, set_id), case_id)


def case_page(request: PageRequest, draft: RouteSet, case_id: UUID | None) -> HttpResponse:
    case = next((one for one in rules.cases_of(draft) if one.pk == case_id), None)
    if case_id is not None and case is None:
        raise NotFound("case")
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, case=case, **offered(request, draft))
    if data is not None and form.is_valid() and form.apply(by=request.actor):
        messages.success(request, _("The test case is kept in the draft."))
        return redirect("routing:routes_set", draft.pk)
    context = {"form": form, "routes": draft, "case": case}
    return render(request, "routing/routes_case.html", context, status=200 if data is None else 422)


@page(roles=KEEPERS)
@require_POST
def case_drop(request: PageRequest, set_id: UUID, case_id: UUID) -> HttpResponse:
    draft = draft_or_404(request, set_id)
    case = next((one for one in rules.cases_of(draft) if one.pk == case_id), None)
    if not press_of(draft, data=request.POST).is_new():
        return redirect("routing:routes_set", draft.pk)
    if case is None:
        raise NotFound("case")
    services.drop_case(case=case, by=request.actor)
    return redirect("routing:routes_set", draft.pk)
