"""Routing rules: what is in force, one version with its cases, and what is done with a version as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial as partial_of
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.core.ids import new_id
from minqing.listing.forms import area_choices
from minqing.matters import queries
from minqing.org.access import PageRequest, page
from minqing.org.queries import who_changed
from minqing.routing import services
from minqing.routing.enums import RouteMove, RouteState
from minqing.routing.forms.routes import TryForm
from minqing.routing.models import Route, RouteCase, RouteSet
from minqing.routing.queries import routes as rules
from minqing.routing.rules import KEEPERS, LOOKERS, may_keep_routes
from minqing.routing.wording import Names, condition_words, result_words
from minqing.web.forms import Data, Press, was_sent_again
from minqing.web.htmx import partial

PERIODS = (30, 90, 365)
USUAL_PERIOD = 365
DISCARD = "discard"


def set_or_404(request: PageRequest, set_id: UUID) -> RouteSet:
    """What the actor may not see is not there."""
    found = rules.set_for(request.actor, set_id)
    if found is None:
        raise NotFound("routes")
    return found


def period_of(request: PageRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(one) for one in PERIODS} else USUAL_PERIOD


def keeps(request: PageRequest, routes: RouteSet) -> bool:
    return bool(may_keep_routes(request.actor, area_id=routes.area_id, level=routes.area.level))


def rule_rows(
    rows: Sequence[Route], names: Names, fates: dict[str, Any], wrong: dict[UUID, list[str]] | None = None
) -> list[dict[str, object]]:
    """The rules as the page lists them."""
    engine = rules.engine_rules(rows)
    return [
        {
            "row": row,
            "when": condition_words(rule.when, names),
            "then": result_words(rule, names),
            "fate": fates.get(row.mark),
            "wrong": (wrong or {}).get(row.pk, []),
        }
        for row, rule in zip(rows, engine, strict=True)
    ]


@page(roles=LOOKERS)
def routes(request: PageRequest) -> HttpResponse:
    """The rules in force for one area, its versions, and the rules of the areas above that are asked afterwards."""
    sets = list(rules.visible_sets(request.actor).order_by("area__path", "-number"))
    keeping = request.actor.has(*KEEPERS)
    areas = rules.owner_areas(request.actor) if keeping else list({one.area_id: one.area for one in sets}.values())
    asked = request.GET.get("area", "")
    area = next((one for one in areas if str(one.id) == asked), areas[0] if areas else None)
    versions = [one for one in sets if area and one.area_id == area.id]
    live = next((one for one in versions if one.state == RouteState.LIVE), None)
    rows = rules.routes_of(live) if live else []
    days = period_of(request)
    fates = rules.fates(rows, live.area_id, since=clock.now() - timedelta(days=days)) if live else {}
    names = rules.names_for(rules.engine_rules(rows), queries.categories()) if rows else Names()
    context = {
        "areas": areas,
        "area": area,
        "keeping": keeping and area is not None,
        "live": live,
        "draft": next((one for one in versions if one.state == RouteState.DRAFT), None),
        "versions": [one for one in versions if one.state == RouteState.RETIRED],
        "above": [
            one
            for one in sets
            if area and one.area_id != area.id and area.path.startswith(one.area.path) and one.state == RouteState.LIVE
        ],
        "items": rule_rows(rows, names, fates),
        "days": days,
        "periods": PERIODS,
        "request_id": new_id(),
    }
    return render(request, "routing/routes.html", context)


@page(roles=KEEPERS)
@require_POST
def routes_draft(request: PageRequest) -> HttpResponse:
    """A draft of the area's rules; where there is one already, that."""
    area = next((one for one in rules.owner_areas(request.actor) if str(one.id) == request.POST.get("area")), None)
    if area is None:
        raise NotFound("area")
    there = rules.visible_sets(request.actor).filter(area=area, state=RouteState.DRAFT.value).first()
    made = there or services.draft_routes(id=id_sent(request), area=area, by=request.actor)
    return redirect("routing:routes_set", made.pk)


def id_sent(request: PageRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return new_id()


@page(roles=LOOKERS)
def routes_set(request: PageRequest, set_id: UUID) -> HttpResponse:
    """One version: its rules and test cases, and for a draft what is still missing before it may go live."""
    return render(request, "routing/routes_set.html", set_context(request, set_or_404(request, set_id)))


@page(roles=KEEPERS)
@require_POST
def routes_try(request: PageRequest, set_id: UUID) -> HttpResponse:
    """Where a text would go under the rules of this version. Nothing is stored."""
    found = set_or_404(request, set_id)
    may_keep_routes(request.actor, area_id=found.area_id, level=found.area.level).require()
    form = TryForm(request.POST, areas=places(request, found))
    advice = form.outcome(routes=found, by=request.actor) if form.is_valid() else None
    context = set_context(request, found) | {"try_form": form, "tried": advice}
    return partial(request, "routing/routes_set.html", "try", context, status=200 if advice else 422)


def places(request: PageRequest, routes: RouteSet) -> list[tuple[int, str]]:
    """The areas below that of the rules, indented, as far as the actor's own."""
    inside = rules.area_ids_inside(request.actor, routes.area.path)
    return [(id, name) for id, name in area_choices(request, few=False) if id in inside]


def set_context(request: PageRequest, routes: RouteSet) -> dict[str, object]:
    keeping, state = keeps(request, routes), RouteState(routes.state)
    drafting = keeping and state is RouteState.DRAFT
    rows = rules.routes_of(routes)
    wrong = services.problems(routes, request.actor) if drafting else {}
    cases = services.try_cases(routes) if keeping else []
    names = rules.names_for(rules.engine_rules(rows), queries.categories())
    trial = rules.last_replay(routes) if drafting else None
    ready = None
    if drafting:
        ready = services.ready_to_go_live(routes, request.actor, tried=cases, wrong=wrong, trial=trial)
    return {
        "routes": routes,
        "press": press_of(routes, rows, [one.case for one in cases]) if keeping else None,
        "state": state,
        "keeping": keeping,
        "drafting": drafting,
        "items": rule_rows(rows, names, rules.fates(rows, routes.area_id), wrong),
        "cases": cases,
        "failing": sum(not one.passed for one in cases),
        "wrong": len(wrong),
        "replay": trial,
        "ready": ready,
        "try_form": TryForm(areas=places(request, routes)) if keeping else None,
        "tried": None,
    }


def press_of(
    routes: RouteSet,
    rows: Iterable[Route] | None = None,
    cases: Iterable[RouteCase] | None = None,
    *,
    data: Data = None,
) -> Press:
    """A button on the page of a version: pressed on these rules and cases in this order."""
    rows = rules.routes_of(routes) if rows is None else rows
    cases = rules.cases_of(routes) if cases is None else cases
    subject = f"routes:{routes.pk}"
    return Press(subject, rules.stamp_of(routes, rows, cases), told=partial_of(who_changed, subject), data=data)


@page(roles=KEEPERS)
@require_POST
def routes_move(request: PageRequest, set_id: UUID, move: str) -> HttpResponse:
    """Put a draft into force, take rules out of force, go back to a version, or throw a draft away."""
    if was_sent_again():
        return redirect("routing:routes")
    found = set_or_404(request, set_id)
    press_of(found, data=request.POST).is_new()
    if move == DISCARD:
        services.discard_draft(routes=found, by=request.actor)
        messages.success(request, _("The draft was thrown away."))
        return redirect("routing:routes")
    verbs = {
        RouteMove.GO_LIVE.value: services.go_live,
        RouteMove.RETIRE.value: services.retire_routes,
        RouteMove.ROLL_BACK.value: services.roll_back_routes,
    }
    if move not in verbs:
        raise NotFound("move")
    verbs[move](routes=found, by=request.actor)
    messages.success(request, _("%(done)s.") % {"done": RouteMove(move).done})
    return redirect("routing:routes_set", found.pk)
