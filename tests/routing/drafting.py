"""Routing rules laid out by the services: drafts, what is in force, and matters that they send."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.matters import services
from minqing.matters.models import Matter
from minqing.org.models import Area, Unit
from minqing.privacy.access import acting_as
from minqing.routing import services as routing
from minqing.routing.engine import Condition
from minqing.routing.models import Route, RouteCase, RouteSet
from tests.cast import Cast

ROAD = Condition(categories=frozenset({"transport"}))


def drafted(cast: Cast, by: Actor | None = None, area: Any = None) -> RouteSet:
    by = by or cast.actor("clerk")
    return routing.draft_routes(id=new_id(), area=area or cast.town, by=by)


def add(cast: Cast, routes: RouteSet, by: Actor | None = None, **values: Any) -> Route:
    given = {
        "id": new_id(),
        "name": "道路归办公室",
        "when": ROAD,
        "unit": cast.office.id,
        "by": by or cast.actor("clerk"),
    }
    return routing.save_route(routes=routes, **given | values)


def put_live(routes: RouteSet, by: Actor) -> RouteSet:
    routing.replay_routes(id=new_id(), routes=routes, by=by)
    return routing.go_live(routes=routes, by=by)


def live(cast: Cast, **values: Any) -> Route:
    """One rule in force for 石璜镇."""
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        row = add(cast, draft, **values)
        put_live(draft, clerk)
    return row


def assign(cast: Cast, matter: Matter, unit: Unit, **values: Any) -> Matter:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        return services.assign_matter(id=new_id(), matter=matter, unit=unit.id, by=clerk, **values)


def draft_of(cast: Cast, area: Area) -> Any:
    """A draft of the rules of the area's township, with one rule and one test case that quotes somebody."""
    from tests.architecture.matrix import canary

    town = area.parent
    assert town is not None
    with cast.everything():
        draft = RouteSet.objects.filter(area=town, state="draft").first()
        if draft is None:
            draft = RouteSet.objects.create(area=town, number=1, made_by="system:test", made_at=clock.now())
            Route.objects.create(set=draft, order=1, name="道路", unit=cast.bureau, mark="m" * 32)
            RouteCase.objects.create(
                set=draft, area=town, place=area, title="路灯", text=canary("NOTE", cast, area),
                at=clock.now(), unit=cast.bureau,
            )  # fmt: skip
        return draft
