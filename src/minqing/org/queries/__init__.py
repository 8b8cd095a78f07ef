"""Reading the organisation: areas below an area, posts in force, the actor of an account.

Areas, units and working days are kept in the process and asked for their edition by the gate (``core.cache_version``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock, errors
from minqing.core.actor import Actor
from minqing.core.cache_version import CachedTable
from minqing.core.errors import FormatError
from minqing.core.formats import check_phone
from minqing.core.geojson import box_of, contains
from minqing.journal.queries import last_change
from minqing.org.enums import Level, Role, UnitKind
from minqing.org.models import Account, Area, Boundary, Post, Unit, WorkDay
from minqing.org.rules import RANK, SEES_AREA, SEES_CONFIDENTIAL, SEES_UNIT
from minqing.privacy.access import one_of
from minqing.worktime.calendar import WorkCalendar, default_calendar
from minqing.worktime.hours import Hours, WorkTime, local

Lying = TypeVar("Lying", bound=Model)


@dataclass(frozen=True)
class Tree:
    """All areas in the order of their paths, and by id; ``inside`` remembers the ids found below a path."""

    areas: tuple[Area, ...]
    rows: Mapping[int, Area]
    paths: Mapping[int, str]
    names: Mapping[int, str]
    codes: Mapping[int, str]
    inside: dict[str, frozenset[int]] = field(default_factory=dict)

    def below(self, path: str) -> frozenset[int]:
        found = self.inside.get(path)
        if found is None:
            # threads that come here together write down the same
            found = self.inside[path] = frozenset(id for id, one in self.paths.items() if one.startswith(path))
        return found


@dataclass(frozen=True)
class Force:
    """All units at work, the county's own order, and beside each the path of its area."""

    units: tuple[Unit, ...]
    paths: tuple[str, ...]


def grown(rows: list[Area]) -> Tree:
    paths, names, codes = {}, {}, {}
    for row in rows:
        paths[row.id], names[row.id], codes[row.id] = row.path, row.name, row.code
    return Tree(tuple(rows), {row.id: row for row in rows}, paths, names, codes)


def calendar_from(days: list[WorkDay]) -> WorkCalendar:
    names = {day.date: day.name for day in days if day.name}
    return default_calendar().with_overrides({day.date: day.working for day in days}, names)


AREAS = CachedTable(["org_area"], lambda: Area.objects.order_by("path"), grown)
UNITS = CachedTable(
    ["org_area", "org_unit"],
    lambda: Unit.objects.filter(active=True).select_related("area").order_by("kind", "code"),
    lambda rows: Force(tuple(rows), tuple(row.area.path for row in rows)),
)
EVERY_UNIT = CachedTable(
    ["org_area", "org_unit"],
    lambda: Unit.objects.select_related("area").order_by("-active", "kind", "code"),
    lambda rows: dict[int | None, Unit]((row.id, row) for row in rows),
)
UNIT_NAMES = CachedTable(
    ["org_unit"], lambda: Unit.objects.only("id", "name"), lambda rows: {row.id: row.name for row in rows}
)
UNIT_CODES = CachedTable(
    ["org_unit"], lambda: Unit.objects.only("id", "code"), lambda rows: {row.id: row.code for row in rows}
)
CALENDAR = CachedTable(["org_workday"], WorkDay.objects.all, calendar_from)


def areas_below(paths: Iterable[str]) -> frozenset[int]:
    """Ids of all areas whose path begins with one of ``paths``, those areas among them.

    A moved area changes hands at once: the gate knows whether the tree that this process holds still stands.
    """
    if AREAS.stamp():
        tree = AREAS.now()
        return frozenset[int]().union(*map(tree.below, paths))
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return frozenset(Area.objects.filter(wanted).values_list("id", flat=True))


def all_areas() -> frozenset[int]:
    return frozenset(Area.objects.values_list("id", flat=True))


def posts_in_force(account_id: UUID, *, on: date | None = None) -> list[Post]:
    """The posts that the account holds on a day, the one to act in by default first."""
    on = on or clock.today()
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gte=on), account_id=account_id, since__lte=on)
    return first_to_act_in(held.select_related("unit", "area"))


def last_place(account_id: UUID, roles: Collection[Role]) -> int | None:
    """The area of the post that the account came to last in one of these roles, also of one that has ended."""
    held = Post.objects.filter(account_id=account_id, role__in=[role.value for role in roles], area__isnull=False)
    return held.order_by("-since", "-id").values_list("area_id", flat=True).first()


def first_to_act_in(posts: Iterable[Post]) -> list[Post]:
    """``posts`` in the order in which they are chosen where nobody chose."""
    return sorted(posts, key=lambda post: (RANK[Role(post.role)], str(post.id)))


def actor_of(account: Account, post: Post | None, *, purpose: str = "") -> Actor:
    """The actor that ``account`` is while acting in ``post``; without a post it may see nothing."""
    if post is None:
        return Actor(id=account.id, kind="user", name=account.name, purpose=purpose)
    role = Role(post.role)
    return Actor(
        id=account.id,
        kind="user",
        name=account.name,
        roles=frozenset({role.value}),
        areas=areas_below([post.area.path]) if post.area and role in SEES_AREA else frozenset(),
        units=frozenset({post.unit_id}) if post.unit_id and role in SEES_UNIT else frozenset(),
        purpose=purpose,
        confidential=role in SEES_CONFIDENTIAL,
        post=post.id,
        works_in=post.unit_id,
    )


def system_actor(name: str) -> Actor:
    """A background job or command: every area and unit of the county, under its own name in the journal."""
    units = frozenset(Unit.objects.values_list("id", flat=True))
    return Actor.system(name, areas=all_areas(), units=units)


def work_calendar() -> WorkCalendar:
    """Working days as the operator's table has them; where it is silent, weekends and statute."""
    return CALENDAR.now()


def work_time(unit: Unit | None = None) -> WorkTime:
    """Working time of ``unit``, or that of a unit with the usual hours."""
    hours = Hours.parse(unit.hours) if unit is not None and unit.hours else Hours()
    return WorkTime(work_calendar(), hours)


def units_by_calendar() -> dict[str, list[int | None]]:
    """The fingerprint of each working time in use → the units that have it; None stands for no unit at all."""
    calendar = work_calendar()
    found: dict[str, list[int | None]] = {WorkTime(calendar, Hours()).fingerprint: [None]}
    for unit, told in Unit.objects.values_list("id", "hours"):
        hours = Hours.parse(told) if told else Hours()
        found.setdefault(WorkTime(calendar, hours).fingerprint, []).append(unit)
    return found


def area_names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Area.objects.filter(id__in=set(ids)).values_list("id", "name"))


def area_codes(ids: Iterable[int]) -> dict[int, str]:
    return dict(Area.objects.filter(id__in=set(ids)).values_list("id", "code"))


def boundaries_of(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """GeoJSON geometries of those areas that have one."""
    return dict(Boundary.objects.filter(area_id__in=list(ids)).values_list("area_id", "geometry"))


def account_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Account.objects.filter(id__in=set(ids)).values_list("id", "name"))


def areas_within(actor: Actor) -> QuerySet[Area]:
    return Area.objects.filter(one_of("id", actor.areas)).order_by("path")


def areas_inside(actor: Actor, area_id: int | None) -> frozenset[int]:
    """Ids of the actor's areas that are or lie in one of them, all without one; none where that is not the actor's.

    A list and not a join on the path: the planner, which knows nothing of paths, reads whole tables for a join.
    """
    if area_id is None:
        return actor.areas
    return areas_below([area_path(area_id)]) & actor.areas if area_id in actor.areas else frozenset()


# a choice of more is a quarter of a page of each county
MOST_AREAS = 300


def few_of(areas: Sequence[Area], chosen: int | None) -> list[Area]:
    """Of many areas those that are chosen one after the other: the townships, and what lies in that of ``chosen``."""
    if len(areas) <= MOST_AREAS:
        return list(areas)
    path = next((one.path for one in areas if one.id == chosen), "-")
    town = next((one.path for one in areas if one.level == Level.TOWNSHIP and path.startswith(one.path)), "-")
    return [one for one in areas if one.level in {Level.CITY, Level.TOWNSHIP} or one.path.startswith(town)]


def towns_first(areas: Sequence[Area]) -> list[Area]:
    """The townships of a whole county, where a page shows the places of one of them at a time; of few areas none."""
    few = len(areas) <= MOST_AREAS
    return [] if few else [one for one in areas if one.level == Level.TOWNSHIP]


def area_by_code(code: str) -> Area | None:
    return Area.objects.filter(code=code).first()


def unit_by_code(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def area_id_of(code: str) -> int | None:
    """The area of that code, among those that this process keeps."""
    return next((id for id, own in AREAS.now().codes.items() if own == code), None)


def unit_id_of(code: str) -> int | None:
    """The unit of that code, at work or not, among those that this process keeps."""
    return next((id for id, own in UNIT_CODES.now().items() if own == code), None)


def account_by_username(username: str) -> Account | None:
    return Account.objects.filter(username=username).first()


def account_at_work(account_id: UUID) -> Account | None:
    """The account, if it may sign in."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def accounts_at_work(ids: Collection[UUID], *, on: date | None = None) -> list[Account]:
    """Of these accounts those that may sign in and hold a post on a day; one query."""
    on = on or clock.today()
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gte=on), account_id=OuterRef("pk"), since__lte=on)
    return list(Account.objects.filter(Exists(held), pk__in=ids, is_active=True))


def usable_unit(unit_id: int) -> Unit | None:
    """The unit, if it takes matters at present."""
    return Unit.objects.filter(pk=unit_id, active=True).first()


def units_at_work() -> Sequence[Unit]:
    """All units that take matters with their area, the county's own order."""
    return UNITS.now().units


def units_for(paths: Iterable[str]) -> list[Unit]:
    """Those of :func:`units_at_work` in whose area one of ``paths`` (of areas, ``1.4.17.``) lies."""
    above = {path[: end + 1] for path in paths for end, sign in enumerate(path) if sign == "."}
    force = UNITS.now()
    return [unit for unit, path in zip(force.units, force.paths, strict=True) if path in above]


def unit_names() -> Mapping[int, str]:
    """The names of all units, also of those that are no more."""
    return UNIT_NAMES.now()


def unit_codes() -> Mapping[int, str]:
    """The codes of all units, also of those that are no more."""
    return UNIT_CODES.now()


def areas_coded() -> Mapping[int, str]:
    """The codes of all areas."""
    return AREAS.now().codes


def areas_named() -> Mapping[int, str]:
    """The names of all areas."""
    return AREAS.now().names


def areas_seen(actor: Actor) -> list[Area]:
    """The actor's areas in the order of their paths; :func:`areas_within` where a query goes on from them."""
    return [area for area in AREAS.now().areas if area.id in actor.areas]


def units_ever() -> Sequence[Unit]:
    """All units, also those that take no matters any more: what they had is still asked for."""
    return tuple(EVERY_UNIT.now().values())


def area_path(area_id: int) -> str:
    """The ids from the top down to the area (``1.4.17.``), empty when there is no such area."""
    if AREAS.stamp():
        return AREAS.now().paths.get(area_id, "")
    return Area.objects.filter(pk=area_id).values_list("path", flat=True).first() or ""


def in_place(rows: QuerySet[Lying], area_id: int | None) -> QuerySet[Lying]:
    """Those of ``rows`` that lie in the area or below it; all without one, none of one that is not there."""
    return rows.filter(one_of("area_id", areas_below([area_path(area_id) or "-"]))) if area_id else rows


def areas_of_levels(*levels: Level) -> list[Area]:
    """All areas of those levels, in the county's own order."""
    return list(Area.objects.filter(level__in=[level.value for level in levels]).order_by("code", "id"))


def areas_called(ids: Collection[int]) -> list[Area]:
    """The areas of those ids, the highest first."""
    return list(Area.objects.filter(id__in=ids).order_by("path"))


def township_over(path: str) -> Area | None:
    """The township that the area of that path is or lies in; the city for what lies in none.

    Of one that has become part of another one, below which it hangs, that other one.
    """
    above = Area.objects.filter(id__in=[int(part) for part in path.split(".") if part])
    levels = {area.level: area for area in above.order_by("-path")}
    return levels.get(Level.TOWNSHIP.value) or levels.get(Level.CITY.value)


def top_area() -> Area | None:
    """The county itself: the area above all others."""
    return Area.objects.filter(parent__isnull=True).order_by("id").first()


def area_count() -> int:
    """How many there are below the county itself."""
    return Area.objects.filter(parent__isnull=False).count()


def post_count() -> int:
    """How many people have a post in a unit or an area: operators have theirs in none."""
    placed = Q(unit__isnull=False) | Q(area__isnull=False)
    return Post.objects.filter(placed, until__isnull=True).values("account").distinct().count()


def signed_in_count() -> int:
    """How many people with a post in a unit or an area have signed in at least once."""
    placed = Q(posts__unit__isnull=False) | Q(posts__area__isnull=False)
    return Account.objects.filter(placed, last_login__isnull=False).distinct().count()


def operators() -> list[str]:
    """User names of those who hold an operator's post today."""
    found = accounts_at_work(held_by(Q(), {Role.OPERATOR}, None))
    return sorted(one.username for one in found)


def top_id() -> int | None:
    """The county itself; among the areas that this process keeps where there are any."""
    if AREAS.stamp():
        return next((one.id for one in AREAS.now().areas if one.parent_id is None), None)
    top = top_area()
    return top.id if top else None


def people_in(
    actor: Actor, roles: Collection[Role], *, on: date | None = None, near: int | None = None
) -> QuerySet[Account]:
    """Accounts that hold one of ``roles`` somewhere in the actor's areas on a day, by name.

    ``near`` an area: those whose post lies in it or covers it.
    """
    on = on or clock.today()
    held = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), one_of("area_id", actor.areas), since__lte=on, role__in=roles
    )
    if near is not None:
        path = area_path(near) or "-"
        above = [int(part) for part in path.split(".") if part.isdigit()]
        held = held.filter(one_of("area_id", areas_below([path]) | set(above)))
    return Account.objects.filter(id__in=held.values("account_id"), is_active=True).order_by("name", "id")


def accounts_ever_over(areas: Collection[int]) -> set[UUID]:
    """Whoever held a post in one of these areas, or in one above."""
    paths = Area.objects.filter(one_of("id", areas)).values_list("path", flat=True)
    above = {int(part) for path in paths for part in path.split(".") if part}
    return set(Post.objects.filter(one_of("area_id", above | set(areas))).values_list("account", flat=True))


def units_for_which(found: object) -> set[int]:
    """Units for which the subquery ``found``, which may name the unit as ``OuterRef("pk")``, finds a number above 0."""
    return set(Unit.objects.annotate(found=found).filter(found__gt=0).values_list("pk", flat=True))


def backstop_unit(area_id: int) -> Unit | None:
    """Who has what is nobody's: the first office of the township in which the area lies."""
    path = area_path(area_id)
    above = [int(part) for part in path.split(".") if part]
    offices = Unit.objects.filter(
        active=True, kind=UnitKind.OFFICE.value, area_id__in=above, area__level=Level.TOWNSHIP.value
    )
    return offices.order_by("code").first()


def accounts_of_unit(unit_id: int | None, roles: Collection[Role], *, on: date | None = None) -> list[UUID]:
    """Who holds one of ``roles`` in the unit on a day."""
    return held_by(Q(unit_id=unit_id), roles, on) if unit_id is not None else []


def accounts_over(
    area_id: int, roles: Collection[Role], *, on: date | None = None, but: Collection[UUID] = ()
) -> list[UUID]:
    """Who holds one of ``roles`` for the area: those of the nearest area in which somebody does, ``but`` not them."""
    for above in reversed([int(part) for part in area_path(area_id).split(".") if part]):
        if found := [one for one in held_by(Q(area_id=above), roles, on) if one not in but]:
            return found
    return []


def each_over(area_id: int, roles: Collection[Role], *, on: date | None = None) -> list[tuple[int, list[UUID]]]:
    """Who holds one of ``roles`` for each area over that one (and it), the nearest first; those without anybody not."""
    above = reversed([int(part) for part in area_path(area_id).split(".") if part])
    return [(area, found) for area in above if (found := held_by(Q(area_id=area), roles, on))]


def held_by(where: Q, roles: Collection[Role], on: date | None) -> list[UUID]:
    day = on or clock.today()
    posts = Post.objects.filter(where, Q(until__isnull=True) | Q(until__gte=day), since__lte=day, role__in=roles)
    return sorted(set(posts.filter(account__is_active=True).values_list("account", flat=True)))


def is_office_phone(phone: str) -> bool:
    """Whether the number, as ``check_phone`` gives it, is that of a unit, however it was written there."""
    for written in Unit.objects.filter(active=True).exclude(phone="").values_list("phone", flat=True):
        with suppress(FormatError):
            if check_phone(written) == phone:
                return True
    return False


def units_over(path: str) -> list[Unit]:
    """Units at work in the area of that path and in those above it, the nearest first."""
    above = [int(part) for part in path.split(".") if part]
    units = Unit.objects.filter(active=True, area_id__in=above).select_related("area")
    return list(units.order_by("-area__path", "kind", "code"))


# further outside of all known borders than this (about 20 km) a place belongs to another county
FAR_DEGREES = 0.2


def area_at(*, latitude: float, longitude: float) -> Area | None:
    """The smallest area whose border holds the place (WGS-84).

    Where no border does, or none is known, the county itself; None for a place far outside of all that is known.
    Goes down from the county, so that only the borders of one level inside one area are read at a time.
    """
    found, known = top_area(), None
    while found is not None:
        inner = list(borders_in(found, own=known is None))
        known = known or box_of(one.geometry for one in inner)
        holding = [
            one.area
            for one in inner
            if one.area_id != found.id and contains(one.geometry, longitude=longitude, latitude=latitude)
        ]
        if not holding:
            near = known is None or known.holds(longitude=longitude, latitude=latitude, margin=FAR_DEGREES)
            return found if near else None
        found = holding[0]
    return None


def borders_in(area: Area, *, own: bool) -> QuerySet[Boundary]:
    """Borders of the areas right below ``area`` that are there today, and with ``own`` of itself."""
    wanted = Q(area__parent=area) | (Q(area=area) if own else Q(pk__in=[]))
    valid = Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=clock.today())
    return Boundary.objects.filter(wanted, valid).select_related("area").order_by("area__path")


def who_changed(subject: str) -> list[errors.StoredValue]:
    """Who changed the record of that name last, and when, for somebody who has come too late."""
    event = last_change(subject)
    if event is None:
        return []
    kind, _colon, id = event.actor.partition(":")
    name = account_names([UUID(id)]).get(UUID(id), "") if kind == "user" else ""
    return [errors.StoredValue(_("Changed by"), " · ".join(filter(None, [name, f"{local(event.at):%Y-%m-%d %H:%M}"])))]
