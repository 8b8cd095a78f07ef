"""Reading routing rules: which are in force, which somebody may see, how often what they send comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import md5
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import CachedTable
from minqing.matters.enums import Move
from minqing.matters.queries.visibility import has_moved_between, in_place, visible_matters
from minqing.org.enums import Role
from minqing.org.queries import area_names, areas_below, areas_seen, areas_within, units_at_work
from minqing.org.rules import Holding
from minqing.privacy.access import one_of
from minqing.routing.engine import Book, Rule, areas_of
from minqing.routing.enums import RouteState
from minqing.routing.models import Route, RouteCase, RouteReplay, RouteSet, Routing
from minqing.routing.rules import OWNERS
from minqing.routing.serializers import condition_from_json
from minqing.routing.wording import Names

# what a unit does with a matter that is not its own
RETURNS = frozenset({Move.SEND_BACK, Move.TRANSFER, Move.DECLINE})
# a rate is marked when at least so many matters went through the rule and such a part of them came back
LEAST_MATTERS, HIGH_RATE = 5, 0.2
NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


@dataclass(frozen=True)
class InForce:
    """The live rules and what the areas they name are called."""

    book: Book
    areas: dict[int, str]

    @classmethod
    def of(cls, rows: Iterable[Route]) -> InForce:
        rules = engine_rules(rows)
        named = {area for rule in rules for area in rule.when.areas}
        return cls(Book(rules), area_names(named) if named else {})


def live_rows() -> QuerySet[Route]:
    rows = Route.objects.filter(set__state=RouteState.LIVE.value)
    return rows.select_related("set", "unit").order_by("set_id", "order", "id")


# of the rules a set's edition is enough: what was live never changes
IN_FORCE = CachedTable(["org_area", "org_unit", "routing_routeset"], live_rows, InForce.of)


def engine_rules(rows: Iterable[Route]) -> list[Rule]:
    """The rows as the engine takes them; they come with their set and unit."""
    return [
        Rule(
            id=row.id,
            name=row.name,
            when=condition_from_json(row.condition),
            unit=row.unit_code,
            mechanism=row.mechanism,
            days=row.days,
            stop=row.stop,
            set_id=row.set_id,
            number=row.set.number,
            area=row.set.area_id,
        )
        for row in rows
    ]


def book_with(draft: RouteSet) -> Book:
    """The rules as they would be with this set in force instead of its area's."""
    own = draft.routes.select_related("set", "unit").order_by("order", "id")
    return Book([*engine_rules(live_rows().exclude(set__area=draft.area_id)), *engine_rules(own)])


def names_for(rules: Iterable[Rule], categories: Iterable[Any]) -> Names:
    """What the rules' categories, areas, units and questions are called."""
    rows = list(categories)
    wanted = {area for rule in rules for area in rule.when.areas}
    return Names(
        categories={row.code: row.called for row in rows},
        areas=area_names(wanted) if wanted else {},
        units={unit.code: unit.name for unit in units_at_work()},
        questions={one["code"]: one["text"] for row in rows for one in row.asks},
    )


def visible_sets(actor: Actor) -> QuerySet[RouteSet]:
    """Those of the actor's areas in every version; of the areas above, what is in force; for the operator all."""
    sets = RouteSet.objects.select_related("area")
    if actor.has(Role.OPERATOR) or actor.kind == "system":
        return sets
    above = {one for area in areas_seen(actor) for one in areas_of(area.path)}
    return sets.filter(one_of("area_id", actor.areas) | one_of("area_id", above) & Q(state=RouteState.LIVE.value))


def set_for(actor: Actor, set_id: UUID) -> RouteSet | None:
    return visible_sets(actor).filter(pk=set_id).first()


def version_of(area_code: str, number: int = 0) -> RouteSet | None:
    """A version of an area's rules by its number; without one the version in force."""
    wanted = Q(number=number) if number else Q(state=RouteState.LIVE.value)
    return RouteSet.objects.select_related("area").filter(wanted, area__code=area_code).first()


def owner_areas(actor: Actor) -> list[Any]:
    """The township or county areas whose rules the actor keeps, the widest first."""
    return list(areas_within(actor).filter(level__in=[one.value for one in OWNERS]))


def area_ids_inside(actor: Actor, path: str) -> frozenset[int]:
    """The actor's areas at or below that path."""
    return areas_below([path]) & actor.areas


def of_category(code: str) -> Iterable[Holding]:
    """Rules that name a category, and tests of rules that have it: for the operator, before the category changes."""
    naming = Route.objects.filter(condition__categories__contains=[code])
    yield Holding(_("Routing rules in force that name it"), naming.filter(set__state=RouteState.LIVE.value).count())
    yield Holding(_("Drafts of rules that name it"), naming.filter(set__state=RouteState.DRAFT.value).count())


def of_unit(unit_id: int) -> Iterable[Holding]:
    """Rules that send matters to it: while it is out of use they name a unit that takes none."""
    found = Route.objects.filter(unit=unit_id, set__state=RouteState.LIVE.value).count()
    yield Holding(_("Routing rules in force that name it"), found)


def stamp_of(routes: RouteSet, rows: Iterable[Route], cases: Iterable[RouteCase]) -> str:
    """Another one for every change of the set's state, its rules, its cases or their order."""
    own = [(row.pk, row.order, row.name, row.mark, row.mechanism, row.days, row.stop) for row in rows]
    told = [routes.state, own, sorted((str(one.pk), one.title, one.text, one.unit_id, one.place_id) for one in cases)]
    return md5(repr(told).encode(), usedforsecurity=False).hexdigest()


def routes_of(routes: RouteSet) -> list[Route]:
    """In their order, with unit and set."""
    return list(routes.routes.select_related("unit", "set").order_by("order", "id"))


def cases_of(routes: RouteSet) -> list[RouteCase]:
    return list(routes.cases.select_related("unit", "place", "category").order_by("id"))


def last_replay(routes: RouteSet) -> RouteReplay | None:
    return routes.replays.select_related("set", "against").order_by("-at", "-id").first()


def route_for(actor: Actor, route_id: UUID) -> Route | None:
    """A rule of a set that the actor may see."""
    found = Route.objects.select_related("unit", "set__area").filter(pk=route_id, set__in=visible_sets(actor))
    return found.first()


def past_matters(actor: Actor, path: str, most: int) -> list[dict[str, object]]:
    """The last ``most`` matters that the actor sees below an area, as values, the newest first."""
    fields = (
        "id",
        "title",
        "text",
        "answers",
        "category_id",
        "area__path",
        "received_at",
        "channel",
        "lead_unit_id",
        "mechanism",
    )
    found = in_place(visible_matters(actor), path).order_by("-received_at", "-id")
    return list(found.values(*fields)[:most])


def went_through(mark: str, area_id: int, *, since: datetime | None = None) -> QuerySet[Routing]:
    """Assignments in which a rule of that mark named the unit and it was chosen, with what became of them.

    ``returned``: the unit sent it back; ``passed_on``: it went to another unit without that; ``reopened``: it was
    answered and came again. Each counts until the matter was assigned anew.
    """
    through = Routing.objects.filter(route__mark=mark, set__area=area_id, suggested=F("chosen"))
    if since is not None:
        through = through.filter(at__gte=since)
    return with_fate(through)


# what may have become of a matter that a rule sent: what the rows of a rule are narrowed to
FATES: Final = ("returned", "passed_on", "reopened")


def seen_through(actor: Actor, route: Route, *, since: datetime, fate: str = "") -> QuerySet[Routing]:
    """Those of :func:`went_through` whose matter the actor sees, of one ``fate`` if any is named; the newest first."""
    rows = went_through(route.mark, route.set.area_id, since=since)
    rows = rows.filter(matter__in=visible_matters(actor).order_by())
    if fate in FATES:
        rows = rows.filter(**{fate: True})
    found = rows.select_related("matter__area", "chosen").defer("matter__text", "matter__search")
    return found.order_by("-at", "-id")


def with_fate(through: QuerySet[Routing]) -> QuerySet[Routing]:
    later = Routing.objects.filter(matter=OuterRef("matter"), at__gt=OuterRef("at")).order_by("at", "id")
    until = Coalesce(Subquery(later.values("at")[:1]), Value(NEVER), output_field=DateTimeField())
    moved = partial(has_moved_between, OuterRef("matter"), OuterRef("at"), OuterRef("until"))
    other = later.exclude(chosen=OuterRef("chosen"))
    return through.alias(until=until).annotate(
        returned=moved(RETURNS),
        passed_on=Exists(other[:1]) & ~moved(RETURNS),
        reopened=moved({Move.REOPEN}),
    )


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of the matters that went through one rule. ``rate`` is the part sent back or passed on."""

    matters: int = 0
    returned: int = 0
    passed_on: int = 0
    reopened: int = 0

    @property
    def rate(self) -> float | None:
        return (self.returned + self.passed_on) / self.matters if self.matters else None

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(100 * self.rate)

    @property
    def high(self) -> bool:
        return self.matters >= LEAST_MATTERS and (self.rate or 0) >= HIGH_RATE


def fates(routes: Sequence[Route], area_id: int, *, since: datetime | None = None) -> dict[str, Fate]:
    """By mark, for all rules of a set in one query; a rule counts through all versions that had it."""
    through = Routing.objects.filter(
        route__mark__in={one.mark for one in routes}, set__area=area_id, suggested=F("chosen")
    )
    if since is not None:
        through = through.filter(at__gte=since)
    rows: Any = with_fate(through).order_by().values("route__mark")
    counted = rows.annotate(
        matters=Count("pk"),
        came_back=Count("pk", filter=Q(returned=True)),
        moved_on=Count("pk", filter=Q(passed_on=True)),
        again=Count("pk", filter=Q(reopened=True)),
    )
    return {
        row["route__mark"]: Fate(
            matters=row["matters"], returned=row["came_back"], passed_on=row["moved_on"], reopened=row["again"]
        )
        for row in counted
    }
