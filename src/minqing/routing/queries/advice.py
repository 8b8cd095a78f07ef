"""For a matter that waits to be assigned: the suggested category, unit and days, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from minqing.matters import queries
from minqing.matters.enums import Mechanism
from minqing.matters.protocols import CategoryLike, MatterLike
from minqing.matters.queries.refusals import SentBack, sent_back
from minqing.matters.suggestion import Topic, suggest, topics_of
from minqing.org.protocols import UnitLike
from minqing.org.queries import units_at_work, work_calendar
from minqing.routing.engine import Book
from minqing.routing.queries.routes import IN_FORCE
from minqing.routing.result import RoutingResult, Units, beside_refusals, facts_of, resolve
from minqing.routing.wording import Names, reasons_of
from minqing.worktime.calendar import WorkCalendar


@dataclass(frozen=True)
class Advice:
    """``category`` and ``unit`` may be None where nothing fits; ``words`` are why the category was suggested.

    ``others`` are the next likely categories, ``reasons`` sentences why that unit; ``mechanism`` is empty unless a
    rule says one.
    """

    category: CategoryLike | None
    unit: UnitLike | None
    days: int
    words: tuple[str, ...] = ()
    others: tuple[CategoryLike, ...] = ()
    mechanism: str = ""
    result: RoutingResult | None = None
    names: Names = field(default_factory=Names)
    back: SentBack | None = None

    @property
    def reasons(self) -> list[str]:
        return reasons_of(self.result, self.names) if self.result else []


@dataclass(frozen=True)
class Lookups:
    """What advice looks things up in, read once for any number of matters."""

    by_code: Mapping[str, CategoryLike]
    parents: Mapping[str, str | None]
    topics: Sequence[Topic]
    units: Units
    book: Book
    names: Names
    calendar: WorkCalendar | None


@dataclass(frozen=True)
class MatterInput:
    """A matter, or what could be one: ``path`` of its area, ``at`` the receipt, ``category`` as chosen so far."""

    title: str
    text: str
    path: str
    at: datetime
    category: str = ""
    channel: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    # units that have sent it back, and whom the last of them named
    refused: frozenset[int] = frozenset()
    named: str = ""

    @classmethod
    def of(cls, matter: MatterLike, back: SentBack | None = None) -> MatterInput:
        return cls(
            matter.title,
            matter.text,
            matter.area.path,
            matter.received_at,
            matter.category_id or "",
            matter.channel,
            matter.answers or {},
            back.units if back else frozenset(),
            back.named if back else "",
        )


DEFAULT_DAYS = 5


def read_lookups(
    *,
    categories: Sequence[CategoryLike] | None = None,
    units: Sequence[UnitLike] | None = None,
    book: Book | None = None,
) -> Lookups:
    """The lookups; in a request that knows the editions without a query, else in one each for categories, units, rules.

    One more where a rule asks the calendar.
    """
    rows = queries.categories() if categories is None else categories
    near = list(units_at_work()) if units is None else units
    force = IN_FORCE.now()
    rules = force.book if book is None else book
    names = Names(
        categories={row.code: row.name for row in rows},
        areas=force.areas,
        units={unit.code: unit.name for unit in near},
        questions={one["code"]: one["text"] for row in rows for one in row.asks},
    )
    return Lookups(
        by_code={row.code: row for row in rows},
        parents={row.code: row.parent_id for row in rows},
        topics=topics_of(rows),
        units=Units(near),
        book=rules,
        names=names,
        calendar=work_calendar() if rules.asks_calendar else None,
    )


def advise(
    matters: Iterable[MatterLike],
    *,
    categories: Sequence[CategoryLike] | None = None,
    units: Sequence[UnitLike] | None = None,
) -> dict[UUID, Advice]:
    """Advice by matter id for any number of matters (which come with their area): one query where some were sent back,
    beside those of :func:`read_lookups`, of which some are spared where ``categories`` and ``units`` were read already.

    A category that somebody has chosen stays, or becomes more exact; unit and days follow from it and from the rules.
    """
    lookups, rows = read_lookups(categories=categories, units=units), list(matters)
    back = sent_back(rows)
    return {
        row.pk: replace(advise_on(MatterInput.of(row, back.get(row.pk)), lookups), back=back.get(row.pk))
        for row in rows
    }


def advise_on(given: MatterInput, lookups: Lookups) -> Advice:
    chosen, words, others = category_for(given, lookups)
    found = unit_by_rules(given, chosen, lookups)
    usual = chosen.working_days if chosen else DEFAULT_DAYS
    days = usual if found.routed.days is None else found.routed.days
    return Advice(chosen, found.unit, days, words, others, mechanism_of(found), found, lookups.names)


def mechanism_of(found: RoutingResult) -> str:
    """As a rule says. What a rule of an earlier release says of supervision is left to a leader."""
    return "" if found.routed.mechanism == Mechanism.SUPERVISED else found.routed.mechanism


def unit_by_rules(
    given: MatterInput, chosen: CategoryLike | None, lookups: Lookups, *, book: Book | None = None
) -> RoutingResult:
    """The unit of a matter whose category is settled; ``book`` where other rules than the table's are asked."""
    facts = facts_of(
        category=chosen.code if chosen else "",
        parents=lookups.parents,
        path=given.path,
        at=given.at,
        title=given.title,
        text=given.text,
        channel=given.channel,
        answers=given.answers,
        work=lookups.units.working_at(given.path, lookups.calendar) if lookups.calendar else None,
    )
    usual = chosen.unit_code if chosen else ""
    found = resolve(book or lookups.book, facts, usual=usual, path=given.path, units=lookups.units)
    return beside_refusals(found, given.refused, given.named, given.path, lookups.units) if given.refused else found


def category_for(
    given: MatterInput, lookups: Lookups
) -> tuple[CategoryLike | None, tuple[str, ...], tuple[CategoryLike, ...]]:
    """The category, the words that suggested it, and the next likely ones."""
    found = suggest(given.title, given.text, lookups.topics)
    chosen = lookups.by_code.get(given.category)
    words: tuple[str, ...] = ()
    if chosen is None and found:
        chosen, words = lookups.by_code[found[0].code], found[0].words
    elif chosen is not None:
        # of a chosen first level the text still tells which child it is
        branch = next((one for one in found if chosen.code in {one.code, one.top}), None)
        if branch:
            chosen, words = lookups.by_code[branch.code], branch.words
    others = tuple(lookups.by_code[one.code] for one in found if chosen is None or one.code != chosen.code)
    return chosen, words, others


def settled(given: MatterInput, lookups: Lookups) -> CategoryLike | None:
    """The same category without the reasons: a text is read only where somebody has not chosen a last level."""
    chosen = lookups.by_code.get(given.category)
    return chosen if chosen and chosen.parent_id else category_for(given, lookups)[0]
