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
from minqing.core.ids import digest, new_id, random_token
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
        return self.ok


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


def distance_of(cast: Cast, area: Area) -> str:
    return {cast.own.id: "own", cast.other.id: "other", cast.far.id: "far"}[area.id]


NOBODY: Reach = {}
NO_ID = "00000000-0000-7000-8000-000000000000"
IMPORTERS = {Role.CLERK, Role.OPERATOR}
LEADING = {Role.CLERK, Role.VILLAGE_SECRETARY}
CONCERNED = FIELD | DESK | OVERSIGHT
MOVERS = FIELD | DESK | {Role.LEADER}
HELPERS = FIELD | DESK | {Role.VOLUNTEER}
LINES: dict[str, Line] = {
    "org:me": Line(EVERYONE),
    "org:here": Line(ANYONE),
    "org:choose_post": Line(EVERYONE, post=True, ok=409),
    # who looks at figures begins with figures
    "desk:today": Line(EVERYONE, but={"leader": 302, "analyst": 302}),
    "households:file": Line(FIELD, at=household),
    "desk:leader": Line(OVERSIGHT),
    "desk:map_data": Line(OVERSIGHT),
    "households:list": Line(FIELD),
    "households:search": Line(FIELD, post=True),
    "households:scan": Line(FIELD),
    "households:typed": Line(FIELD, ok=404),  # nothing was typed
    "households:opened": Line(FIELD, at=door, ok=302),
    "households:plates": Line(LEADING),
    "households:plates_pdf": Line(LEADING, ok=404),  # no area was named
    "households:add": Line(FIELD),
    "households:edit": Line(FIELD, at=household),
    "households:close": Line(FIELD, at=household, post=True),
    "households:person_add": Line(FIELD, at=household),
    "households:code": Line(FIELD, at=household),
    "households:tags": Line(FIELD, at=household),
    "households:person": Line(FIELD, at=resident),
    "households:person_move": Line(FIELD, at=resident),
    "households:person_left": Line(FIELD, at=resident, post=True),
    "households:reveal": Line(FIELD, at=resident, post=True),
    "households:tag_revoke": Line(FIELD, at=grant, post=True),
    "visits:list": Line(FIELD | OVERSIGHT),
    "visits:new": Line(FIELD, at=household),
    "visits:detail": Line(FIELD, at=visit),
    "visits:picture": Line(FIELD, at=unknown("small"), reach=NOBODY),
    "visits:care": Line(LEADING),
    "visits:end_care": Line(LEADING, at=unknown(), reach=NOBODY, post=True),
    "matters:list": Line(CONCERNED),
    "matters:work": Line(FIELD | DESK | {Role.LEADER}),
    "matters:new": Line(FIELD),
    "matters:slips": Line(FIELD),
    "matters:slip": Line(FIELD, at=matter),
    "matters:sheet": Line(MOVERS, at=beside(matter, "pdf"), reach=ASSIGNED),
    # for a day, to the one who took it in
    "matters:taken": Line(FIELD, at=matter, reach=NOBODY),
    "matters:similar": Line(FIELD, post=True),
    "matters:alike": Line(CONCERNED, at=matter, reach=ASSIGNED),
    "matters:together": Line({Role.CLERK}, at=matter),
    "matters:detail": Line(CONCERNED, at=matter, reach=ASSIGNED),
    # who looks at figures may read a matter and see its photos, not who raised it
    "matters:reporter": Line(FIELD | DESK, at=matter, reach=ASSIGNED, post=True),
    "matters:move": Line(MOVERS, at=beside(matter, "accept"), reach=ASSIGNED, post=True, ok=422),
    "matters:phrases": Line(DESK),
    # somebody else's canned reply, list or export does not exist; who has one is in tests/matters/test_keeping.py
    "matters:phrase": Line(DESK, at=unknown(), reach=NOBODY),
    "matters:phrase_drop": Line(DESK, at=unknown(), reach=NOBODY, post=True),
    "matters:phrases_here": Line(MOVERS, at=matter, reach=ASSIGNED),
    "matters:export": Line(DESK | OVERSIGHT),
    "exports:list": Line(DESK | OVERSIGHT),
    "exports:decide": Line({Role.CLERK, Role.LEADER}, at=unknown(), reach=NOBODY, post=True),
    "exports:take": Line(DESK | OVERSIGHT, at=unknown(), reach=NOBODY, post=True),
    "matters:picture": Line(CONCERNED, at=beside(matter, NO_ID), reach=NOBODY),
    # somebody else's notice does not exist; who has one is in tests/notify
    "notify:list": Line(EVERYONE),
    "notify:bell": Line(EVERYONE),
    "notify:choices": Line(EVERYONE),
    "notify:read_all": Line(EVERYONE, post=True),
    "notify:open": Line(EVERYONE, at=unknown(), reach=NOBODY, post=True),
    "matters:wall": Line(OVERSIGHT | {Role.UNIT_HEAD, Role.CLERK}),
    "publications:figures": Line({Role.LEADER}, post=True, ok=422),  # no quarter was named
    "publications:figures_state": Line({Role.LEADER}, ok=302),  # the whole page, but for HTMX
    "publications:list": Line({Role.CLERK, Role.LEADER}),
    "publications:text": Line({Role.CLERK, Role.LEADER}, at=matter),
    # nothing is prepared of this matter
    "publications:act": Line({Role.CLERK, Role.LEADER}, at=matter, reach=NOBODY, post=True),
    "intake:list": Line(IMPORTERS),
    "intake:new": Line(IMPORTERS),
    "intake:template": Line(IMPORTERS, at=fixed("nothing"), reach=NOBODY),
    "intake:run": Line(IMPORTERS, at=unknown(), reach=NOBODY),
    "intake:sheet": Line(IMPORTERS, at=unknown(), reach=NOBODY, post=True),
    "intake:load": Line(IMPORTERS, at=unknown(), reach=NOBODY, post=True),
    "intake:marked": Line(IMPORTERS, at=unknown(), reach=NOBODY),
    "partners:list": Line({Role.OPERATOR}),
    "partners:replay_delivery": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:replay_event": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:settle_delivery": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:settle_event": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:replay_all": Line({Role.OPERATOR}, at=fixed("nobody"), reach=NOBODY, post=True),
    "publications:open": Line(ANYONE),
    "publications:open_figures": Line(ANYONE, at=fixed("2026Q1"), ok=404),  # none is published
    "publications:open_matter": Line(ANYONE, at=unknown(), ok=404),
    # whoever has the slip in hand, wherever the matter lies
    "reporting:slip": Line(HELPERS),
    "reporting:helped": Line(HELPERS, at=ticket, reach=dict.fromkeys(HELPERS, ALL)),
    "reporting:find": Line(ANYONE),
    "doorstep:check": Line(ANYONE),
    "doorstep:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
    "doorstep:door": Line(ANYONE, at=door),
    "reporting:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
    "publications:as_we_write": Line(ANYONE, at=fixed("nothing"), ok=301),
    "reporting:report": Line(ANYONE, at=door),
    "reporting:questions": Line(ANYONE, at=door),
    "visits:cadre": Line(ANYONE, at=door),
    "reporting:follow": Line(ANYONE, at=ticket),
    "reporting:thanks": Line(ANYONE, at=ticket),
    "reporting:photo": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
    "reporting:picture": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
    "reporting:thumbnail": Line(ANYONE, at=beside(ticket, NO_ID), ok=404),
}
__all__ = ["ASSIGNED", "DESK", "EXEMPT", "LINES", "Line", "canary", "distance_of"]

# addresses that are not our pages, and where each is tested
EXEMPT = {
    "healthz": "for monitoring, says only that the database answers",
    "set_language": "Django's own, POST sets a cookie: tests/web",
    "account_login": "allauth's: tests/org/test_sign_in.py",
    "account_logout": "allauth's: tests/org/test_sign_in.py",
    "account_change_password": "allauth's: tests/org/test_sign_in.py",
    "partners:events": "for other systems, by token or signature: tests/partners/test_inbox.py",
    "partners:inbox": "for other systems, by token or signature: tests/partners/test_inbox.py",
}
# of those, what other systems call: no form token, and so no session opens them; with the address's arguments
MACHINES: dict[str, tuple[Any, ...]] = {"partners:events": (), "partners:inbox": ("hotline",)}
EXEMPT_SPACES = {
    "admin": "Django's admin for the operator: tests/org/test_admin.py",
    "api": "for other systems, by token and scope: tests/api",
    "open311": "for other software, by key and not by role; its own gate and form of refusals: tests/open311",
}
# rooms list their own
LINES |= brought("LINES")
EXEMPT |= brought("EXEMPT")
