"""Who gets what at every address: one line per URL name. An address that is not listed fails the build.

**To list a new page** add one line to ``LINES`` of the room's own ``tests/<room>/matrix.py``::

    "matters:list": Line(DESK | FIELD),                         # a page without an object
    "matters:similar": Line(FIELD, post=True),
    "matters:alike": Line(CONCERNED, at=matter, reach=ASSIGNED),
    "matters:together": Line({Role.CLERK}, at=matter),
    "matters:detail": Line(DESK | FIELD, at=matter, reach=...), # a page of one object
    "matters:assign": Line({CLERK}, at=matter, post=True),      # takes POST alone (GET is 405)
    "doorstep:door": Line(ANYONE, at=door),                     # no account needed

``Line(roles)``: who passes the gate. Everybody else gets 403, a visitor is sent to sign in (302).
``at``: a function of (cast, area) that makes the object in that area and returns the address's arguments.
``reach``: role → distances at which it finds the object ("own", "other" village of the township, "far" township);
anything else is 404. ``REACH``, the default, is what a post's area opens; ``ASSIGNED`` adds the units whose matter
it is (``matter`` assigns to the bureau of ``handler`` and ``unit_head`` in the own village only).
``ok``: what GET answers those who may (200 unless given). ``also``: keyword → value of a query string to ask with.
``but``: role → status, where one role differs from all that is said above.
``data``: a function of cast that gives a valid POST, for the tests of extra keys.
Roles that pass but never find anything (a handler at a household) are simply not in ``reach``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from minqing.core import clock
from minqing.core.ids import digest, human_number, new_id, random_token
from minqing.matters.enums import State
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.org.models import Area
from tests.architecture.of_rooms import brought
from tests.cast import Cast

EVERYONE: frozenset[str] = frozenset(role.value for role in Role)
ANYONE = frozenset({"anyone"})
HERE, TOWN, ALL = frozenset({"own"}), frozenset({"own", "other"}), frozenset({"own", "other", "far"})
Reach = Mapping[str, Set[str]]
REACH: Reach = {"cadre": HERE, "village_secretary": HERE, "clerk": TOWN, "leader": ALL, "analyst": ALL}
ASSIGNED: Reach = {**REACH, "handler": HERE, "unit_head": HERE}
Maker = Callable[[Cast, Area], tuple[Any, ...]]


@dataclass(frozen=True)
class Line:
    roles: Set[str]
    at: Maker | None = None
    reach: Reach = field(default_factory=lambda: REACH)
    ok: int = 200
    post: bool = False
    also: Mapping[str, str] = field(default_factory=dict)
    data: Callable[[Cast], dict[str, Any]] | None = None
    but: Mapping[str, int] = field(default_factory=dict)
    # who sees the thing and may not do this with it
    refused: Mapping[str, int] = field(default_factory=dict)
    # roles who come for somebody there, and so are told of them whom to ask for and to call
    coming: Set[str] = frozenset()

    @property
    def anyone(self) -> bool:
        return self.roles == ANYONE

    def expected(self, role: str, distance: str) -> int:
        """What GET (or POST, where it takes only that) answers ``role`` about an object at ``distance``."""
        if role in self.but:
            return self.but[role]
        if self.anyone:
            return self.ok
        if role == "visitor":
            return 302
        if role not in self.roles:
            return 403
        if self.at is not None and distance not in self.reach.get(role, ()):
            return 404
        return self.refused.get(role, self.ok)


# objects: each is made in an area and carries that area's canaries


def household(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (planted(cast, area).id,)


def matter(cast: Cast, area: Area) -> tuple[Any, ...]:
    from minqing.matters.models import Matter, Reporter

    given: dict[str, Any] = {}
    if area == cast.own:
        given = {"state": State.ASSIGNED, "lead_unit": cast.bureau, "assigned_at": clock.now()}
    one = cast.matter(area, household=planted(cast, area), **given)
    with cast.everything():
        Reporter.objects.create(matter=one, name=canary("NAME", cast, area), phone=canary("PHONE", cast, area))
        assert Matter.objects.filter(id=one.id).exists()
    return (one.id,)


def visit(cast: Cast, area: Area) -> tuple[Any, ...]:
    from minqing.visits.models import DiaryEntry, Visit

    with cast.everything():
        by = {"own": "cadre", "other": "other_cadre", "far": "far_cadre"}[distance_of(cast, area)]
        one = Visit.objects.create(
            household=planted(cast, area),
            area=area,
            account=cast.account(by),
            visited_at=clock.now(),
            recorded_at=clock.now(),
        )
        DiaryEntry.objects.create(visit=one, area=area, text=canary("NOTE", cast, area))
    return (one.id,)


def resident(cast: Cast, area: Area) -> tuple[Any, ...]:
    with cast.everything():
        return (planted(cast, area).residents.get().id,)


def grant(cast: Cast, area: Area) -> tuple[Any, ...]:
    from minqing.households.models import Tag, TagGrant

    home = planted(cast, area)
    with cast.everything():
        tag = Tag.objects.filter(retired=False, sensitive=False).first()
        one = TagGrant.objects.create(
            household=home, area=area, tag=tag, reason=canary("REASON", cast, area), source="visit",
            granted_by="system:test", granted_at=clock.now(), expires_on=clock.today(),
        )  # fmt: skip
    return (one.id,)


def door(cast: Cast, area: Area) -> tuple[Any, ...]:
    """The private part of the address on a door's plate, of a household with canaries."""
    return (cast.code(planted(cast, area), random_token()),)


def ticket(cast: Cast, area: Area) -> tuple[Any, ...]:
    """The private part of the address by which a reporter follows a matter."""
    from minqing.matters.models import Matter
    from minqing.matters.tickets import ticket_of

    (key,) = matter(cast, area)
    with cast.everything():
        Matter.objects.filter(id=key).update(ticket=digest(ticket_of(key)))
    return (ticket_of(key),)


def beside(maker: Maker, *rest: Any) -> Maker:
    """The arguments of ``maker`` followed by others."""
    return lambda cast, area: (*maker(cast, area), *rest)


def unknown(*rest: Any) -> Maker:
    """An object that nobody has: an address whose object takes a page of its own to make."""
    return lambda cast, area: (new_id(), *rest)


def fixed(*arguments: Any) -> Maker:
    return lambda cast, area: arguments


def planted(cast: Cast, area: Area) -> Any:
    """A household whose resident carries the canaries of its area."""
    home = cast.household(area, note=canary("NOTE", cast, area))
    number, phone = canary("IDNO", cast, area), canary("PHONE", cast, area)
    cast.resident(home, name=canary("NAME", cast, area), identity_number=f"{number}-{home.id.hex[-6:]}", phone=phone)
    return home


def canary(kind: str, cast: Cast, area: Area) -> str:
    return f"CANARY-{kind}-{distance_of(cast, area).upper()}"


def number(prefix: str) -> str:
    """One as people write it, which notices may name."""
    return human_number(prefix, 2026, new_id().int % 1_000_000)


def distance_of(cast: Cast, area: Area) -> str:
    return {cast.own.id: "own", cast.other.id: "other", cast.far.id: "far"}[area.id]


NOBODY: Reach = {}
NO_ID = "00000000-0000-7000-8000-000000000000"
IMPORTERS = {Role.CLERK, Role.OPERATOR}
LEADING = {Role.CLERK, Role.VILLAGE_SECRETARY}
CONCERNED = FIELD | DESK | OVERSIGHT
MOVERS = FIELD | DESK | {Role.LEADER}
HELPERS = FIELD | DESK | {Role.VOLUNTEER}
LINES: dict[str, Line] = {}
__all__ = ["ASSIGNED", "DESK", "EXEMPT", "LINES", "Line", "canary", "distance_of"]

# addresses that are not our pages, and where each is tested
EXEMPT = {
    "healthz": "for monitoring, says only that the database answers",
    "readyz": "for monitoring, says only whether people can work: tests/config/test_readiness.py",
    "metrics": "figures for a program on this machine, none of anybody: tests/config/test_metrics.py",
    "set_language": "Django's own, POST sets a cookie: tests/web",
}
# of those, what other systems call: no form token, and so no session opens them; with the address's arguments
MACHINES: dict[str, tuple[Any, ...]] = brought("MACHINES")
EXEMPT_SPACES = {"api": "for other systems, by token and scope: tests/api"}
# rooms list their own
LINES |= brought("LINES")
EXEMPT |= brought("EXEMPT")
EXEMPT_SPACES |= brought("EXEMPT_SPACES")
