"""Which matters somebody may see, and what hangs on one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection
from django.db.models import Case, Exists, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from minqing.audit.kinds import numbers_in
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import CachedTable
from minqing.core.characters import one_form
from minqing.core.ids import code_of, digest, parse_human_number
from minqing.matters import rules, tickets
from minqing.matters.enums import OPEN, Channel, Move, State
from minqing.matters.models import (
    Category,
    Evidence,
    Matter,
    Part,
    Reporter,
    Step,
)
from minqing.matters.models.naming import with_names
from minqing.matters.protocols import MatterLike
from minqing.org.queries import AREAS, EVERY_UNIT, areas_below, system_actor
from minqing.privacy.access import acting_as, one_of
from minqing.privacy.fields import indexes_of

# in the address of a private link, before the code
TICKET = "/m/"
NOBODY = uuid5(NAMESPACE_OID, "minqing.matters.nobody")
JUST_TAKEN = timedelta(days=1)
MOST_CALLS = 20
# whoever calls for help does not wait behind street lamps
HELP_FIRST = Case(When(channel=Channel.SOS.value, then=0), default=1)
# in place of a title
COVER = _("Told in confidence")
ANONYMOUS = Actor(id=None, kind="resident", name="")


def looked_after(actor: Actor) -> Q:
    """Matters of the actor's areas, without the confidential ones where those are kept from it.

    A partner sees those that it sent in itself.
    """
    here = one_of("area_id", actor.areas)
    if actor.confidential:
        return here
    open_to_it = Q(confidential=False)
    return here & (open_to_it | Q(sender=actor.id) if actor.kind == "partner" else open_to_it)


def visible_matters(actor: Actor) -> QuerySet[Matter]:
    """What ``actor`` may see: matters of its areas, those given to its units, and those they were asked to join.

    A resident has a ticket instead.
    """
    seen = looked_after(actor) | one_of("lead_unit_id", actor.units)
    if actor.units:
        seen |= Q(supporting__overlap=sorted(actor.units))
    return Matter.objects.filter(seen)


def readable(matters: QuerySet[Matter], actor: Actor) -> QuerySet[Matter]:
    """Those of visible ``matters`` whose words the actor may read: a search in others would tell what they say."""
    return matters if rules.may_read(actor, confidential=True) else matters.filter(confidential=False)


def title_told(actor: Actor | None, title: str, *, confidential: bool) -> str:
    """The title as a list tells it to ``actor``; None is whoever reads all that is listed."""
    if not confidential or actor is None or rules.may_read(actor, confidential=True):
        return title
    return str(COVER)


def titles_of(actor: Actor, subjects: Iterable[str]) -> dict[str, str]:
    """What the matters among ``subjects`` (``matter:<id>``) are called to ``actor``, without those it does not see."""
    ids = {one for subject in subjects if (one := matter_named(subject)) is not None}
    if not ids:
        return {}
    rows = visible_matters(actor).filter(pk__in=ids).values_list("id", "title", "confidential")
    return {f"matter:{id}": title_told(actor, title, confidential=hidden) for id, title, hidden in rows}


def numbers_of(actor: Actor, ids: Collection[str]) -> dict[str, str]:
    """The numbers of visible matters by their ids, for the record."""
    return numbers_in(visible_matters(actor), ids)


def id_numbered(actor: Actor, typed: str) -> str | None:
    found = numbered(actor, typed)
    return str(found.pk) if found else None


def matter_named(subject: str) -> UUID | None:
    """The id in a journal's subject; None where it names something else."""
    room, _colon, id = subject.partition(":")
    try:
        return UUID(id) if room == "matter" else None
    except ValueError:
        return None


def in_place(matters: QuerySet[Matter], path: str, *, alone: bool = False) -> QuerySet[Matter]:
    """Those at or below the area of ``path`` (empty: everywhere), or with ``alone`` right at it.

    Asked for as one list of areas, which an index answers: a join on the path the planner takes for all there are.
    """
    if not path:
        return matters
    return matters.filter(area__path=path) if alone else matters.filter(one_of("area_id", areas_below([path])))


def matter_for(actor: Actor, matter_id: UUID) -> Matter | None:
    """The matter with its area, category and unit, out of what this process keeps of them where that still stands."""
    if not versions_known():
        found = visible_matters(actor).select_related("area", "category", "lead_unit")
        return found.filter(pk=matter_id).first()
    matter = matter_by_key(matter_id)
    return placed(matter) if matter and rules.sees(actor, matter.situation) else None


# the search vector is as long as the text, and nobody reads it
FIELDS = [field for field in Matter._meta.concrete_fields if field.name != "search"]
BY_KEY = f"SELECT {', '.join(str(field.column) for field in FIELDS)} FROM matters_matter WHERE id = %s"  # noqa: S608


def matter_by_key(matter_id: UUID) -> Matter | None:
    """What the second wall shows of that key, by a statement that is written down and not compiled each time."""
    with connection.cursor() as cursor:
        cursor.execute(BY_KEY, [matter_id])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for at, turn in turns():
        values[at] = turn(values[at], None, connection)
    return Matter.from_db(connection.alias, [field.attname for field in FIELDS], values)


@cache
def turns() -> tuple[tuple[int, Any], ...]:
    """For the columns that need it what makes their value out of the database's."""
    return tuple((at, turn) for at, field in enumerate(FIELDS) for turn in field.get_db_converters(connection))


def versions_known() -> bool:
    """Whether the request knows the editions of areas, units and categories."""
    return bool(AREAS.stamp() and EVERY_UNIT.stamp() and EVERY_CATEGORY.stamp())


def placed(matter: Matter) -> Matter:
    """``matter`` with the rows that its keys name; what is newer than what is kept is read when it is asked for."""
    if area := AREAS.now().rows.get(matter.area_id):
        matter.area = area
    if category := EVERY_CATEGORY.now().rows.get(matter.category_id):
        matter.category = category
    if unit := EVERY_UNIT.now().get(matter.lead_unit_id):
        matter.lead_unit = unit
    return matter


def numbered(actor: Actor, typed: str) -> Matter | None:
    """The visible matter of that number, however it is written; None for what is no number."""
    try:
        number = parse_human_number(typed)
    except ValueError:
        return None
    return visible_matters(actor).select_related("area", "category", "lead_unit").filter(number=number).first()


def matters_of(actor: Actor, ids: Sequence[UUID]) -> list[Matter]:
    """Those of ``ids`` that the actor may see, in the order of ``ids``."""
    rows = visible_matters(actor).select_related("area", "category", "lead_unit").defer("search")
    found = rows.in_bulk(list(ids))
    return [found[id] for id in ids if id in found]


def open_for(actor: Actor) -> QuerySet[Matter]:
    """Visible matters that still have something to do, the most pressing first."""
    return visible_matters(actor).filter(state__in=OPEN).order_by(F("due_at").asc(nulls_last=True), "id")


TO_SORT: dict[str, tuple[Any, ...]] = {
    "newest": (HELP_FIRST, "-received_at", "-id"),
    "due": (HELP_FIRST, F("due_at").asc(nulls_last=True), "id"),
}


def to_triage(actor: Actor, order: str = "") -> QuerySet[Matter]:
    """What waits in the actor's areas to be assigned, with area and category: calls for help first, then the oldest or
    as ``order`` says, one of :data:`TO_SORT`.
    """
    # one that only a decision on the spot gives to a unit is no more to be sorted
    waiting = Matter.objects.filter(looked_after(actor), state=State.RECEIVED.value, contested=False)
    return waiting.select_related("area", "category", "lead_unit").order_by(
        *TO_SORT.get(order, (HELP_FIRST, "received_at", "id"))
    )


def steps_of(matter: Matter, *, public_only: bool = False) -> list[Step]:
    """The steps with their unit and pictures, newest first; ``public_only`` for the reporter's page."""
    steps = Step.objects.filter(matter=matter).select_related("unit").prefetch_related("evidence")
    if public_only:
        steps = steps.filter(public=True)
    return list(steps.order_by("-at", "-id"))


def pictures_of(matter: Matter) -> list[Evidence]:
    """All pictures of the matter: those sent with the report (no step) and those of its steps."""
    return list(Evidence.objects.filter(matter=matter).order_by("id"))


def pictures_told(matter: Matter, *, public_only: bool) -> Sequence[Any]:
    """Those of the report and of its steps, with their measures; ``public_only`` without those of internal steps."""
    found = Evidence.objects.filter(matter=matter)
    if public_only:
        found = found.filter(Q(step=None) | Q(step__public=True))
    names = {name: F(f"attachment__{name}") for name in ("width", "height", "size")}
    return list(found.order_by("id").values("attachment_id", "step_id", **names))


def unit_of_part(part_id: UUID) -> int | None:
    """The unit that was asked for the part."""
    return Part.objects.filter(pk=part_id).values_list("unit_id", flat=True).first()


def reporter_to_tell(matter: Matter) -> str:
    """The telephone number to send news of the matter to; empty without one, and for what nobody else may know."""
    reporter = Reporter.objects.filter(matter=matter).first()
    return reporter.phone if reporter and not matter.confidential else ""


def of_household(actor: Actor, household_id: UUID) -> QuerySet[Matter]:
    """Visible matters that belong to a household, the newest first."""
    return visible_matters(actor).filter(household_id=household_id).order_by("-received_at", "-id")


def taken_in(actor: Actor, matter_id: UUID) -> Matter | None:
    """What ``actor`` took in within the last day, also where its area does not open it."""
    with acting_as(actor, ticket=tickets.digest_of(matter_id)):
        since = clock.now() - JUST_TAKEN
        if not Step.objects.filter(pk=matter_id, by=actor.ref, at__gte=since).exists():
            return None
        return Matter.objects.select_related("area").filter(pk=matter_id).first()


def calls_from(actor: Actor, phone: str) -> list[Matter]:
    """Visible matters that were reported with this telephone number, the newest first."""
    found = visible_matters(actor).filter(reporter__phone_index__in=indexes_of(Reporter, "phone_index", phone))
    return list(found.select_related("area", "category").order_by("-received_at", "-id")[:MOST_CALLS])


def raised_by_households(actor: Actor, households: Iterable[UUID]) -> list[Matter]:
    """Visible matters of these households, the newest first."""
    found = visible_matters(actor).filter(household_id__in=set(households))
    return list(found.select_related("area", "category").order_by("-received_at", "-id")[:MOST_CALLS])


def contact_of(matter: Matter) -> str:
    """How its reporter wishes to be reached; neither name nor number."""
    reporter = Reporter.objects.filter(matter=matter).first()
    return reporter.contact if reporter else ""


def in_tree(rows: list[Category]) -> tuple[Category, ...]:
    """Each followed by those below it; one whose upper is not among them stands for itself."""
    codes = {row.code for row in rows}
    below: dict[str | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in codes else None, []).append(row)
    return tuple(branches_of(None, below))


def branches_of(code: str | None, below: Mapping[str | None, Sequence[Category]]) -> Iterator[Category]:
    for row in below.get(code, ()):
        yield row
        yield from branches_of(row.code, below)


def in_use() -> QuerySet[Category]:
    return Category.objects.filter(retired=False).order_by("code")


CATEGORIES = CachedTable(["matters_category"], in_use, in_tree)


@dataclass(frozen=True)
class EveryCategory:
    """All categories by their codes, also those that are retired."""

    rows: Mapping[str | None, Category]

    @classmethod
    def of(cls, rows: list[Category]) -> EveryCategory:
        return cls({row.code: row for row in rows})


EVERY_CATEGORY = CachedTable(["matters_category"], Category.objects.all, EveryCategory.of)


def category_names() -> Mapping[str, str]:
    """The names of all categories in the language in force, also of those that are retired."""
    return {row.code: row.called for row in EVERY_CATEGORY.now().rows.values()}


def categories() -> Sequence[Category]:
    """All categories in use, each followed by those below it."""
    return CATEGORIES.now()


def by_ticket(token: str) -> Matter | None:
    """The matter of a private link. To read its steps as well, act as its reporter with the token's digest."""
    key = digest(code_of(token))
    with acting_as(ANONYMOUS, ticket=key):
        found = Matter.objects.select_related("area", "category", "lead_unit").filter(ticket=key)
        return with_names(found).first()


def number_meant(typed: str) -> str:
    """The number of a matter in what somebody typed, which may also be its private link; empty where it is none."""
    if TICKET in one_form(typed) and (linked := by_ticket(typed)):
        return linked.number
    try:
        return parse_human_number(typed)
    except ValueError:
        return ""


def by_number_and_code(number: str, code: str) -> Matter | None:
    """The matter of a number and its follow code, as typed; the caller throttles by :func:`number_meant`.

    Without a number that exists, the code is compared all the same: both wrongs take the same way.
    """
    number = number_meant(number)
    with acting_as(system_actor("matters.follow")):
        matter = Matter.objects.select_related("area", "category", "lead_unit").filter(number=number).first()
    fits = tickets.is_follow_code(matter.pk if matter else NOBODY, code)
    return matter if fits and matter else None


def has_moved(actor: Actor, matter_id: UUID, request_id: str) -> bool:
    """Whether ``actor`` made a move of that id on a matter that they may see no longer."""
    try:
        step = Step.objects.filter(pk=UUID(request_id), matter=matter_id, by=actor.ref)
    except ValueError:
        return False
    with acting_as(system_actor("matters.follow")):
        return step.exists()


def has_moved_between(matter: Any, since: object, until: object, moves: Iterable[Move]) -> Exists:
    """Whether one of those moves was made on a matter from one moment to another; each may be an ``OuterRef``."""
    steps = Step.objects.filter(matter=matter, at__gte=since, at__lte=until)
    return Exists(steps.filter(move__in=sorted(move.value for move in moves)))


# made by time passing: nobody has decided anything
BY_ITSELF: Final = frozenset({Move.ESCALATE.value, Move.RECKON.value})


def steps_after(matter: MatterLike, moment: datetime, *, but_by: str = "") -> list[Step]:
    """What somebody who writes about a matter since ``moment`` has not seen, in order.

    Neither their own steps, nor a remark of a colleague, which decides nothing. What reporter and partner add counts.
    """
    steps = Step.objects.filter(matter=matter.pk, at__gt=moment).exclude(move__in=BY_ITSELF).exclude(by=but_by)
    steps = steps.select_related("unit")
    return list(steps.exclude(move=Move.NOTE.value, by__startswith="user:").order_by("at", "id"))
