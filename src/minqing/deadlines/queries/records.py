"""Clocks as they stand on record, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from minqing import deadlines
from minqing.deadlines import Reckoning, Target, shipped
from minqing.deadlines.books import Book, ClockFacts, ExtensionFacts, PauseFacts
from minqing.deadlines.rows import Clock
from minqing.worktime.calendar import WorkCalendar
from minqing.worktime.hours import USUAL, Hours, WorkTime
from minqing.worktime.relay import Relay


@dataclass(frozen=True)
class Records:
    """What a clock is reckoned from besides itself: models, or rows that were read otherwise."""

    pauses: Sequence[PauseFacts] = ()
    extensions: Sequence[ExtensionFacts] = ()


class WithHours(ClockFacts, Protocol):
    """A clock read with the ``hours`` of its unit, and whether it ``counts``."""

    @property
    def hours(self) -> Any: ...
    @property
    def counts(self) -> bool: ...


Row = TypeVar("Row", bound=WithHours)


def reckoned(
    book: Book[Clock], row: ClockFacts, records: Records, work: WorkTime, now: datetime, *, anew: bool = False
) -> Reckoning:
    """What ``row`` comes to, with its reasons, in ``work`` of the unit that has it now; reads nothing."""
    return deadlines.reckon(
        kind=row.kind,
        start=row.started_at,
        target=Target.parse(row.target),
        work=handed_on(work, row.relays),
        pauses=pauses_of(book, row.kind, records),
        extensions=[
            deadlines.Extension(Target.parse(one.more), one.decided_at or one.asked_at)
            for one in records.extensions
            if one.granted and one.clock_id == row.id
        ],
        stopped_at=row.stopped_at,
        now=now,
        anew=anew,
    )


def handed_on(work: WorkTime, relays: Iterable[Mapping[str, Any]]) -> WorkTime:
    """Working time of a clock that units passed on: each one's hours up to its day ``until``, then ``work``.

    A term goes on where it stands: days that counted under the former unit's hours have counted, and what is left is
    counted in the hours of the unit that has the thing now. Over the whole it would count days twice or take days
    back: a unit that also works at weekends would get a deadline in the past, without having had a day of it.
    """
    before = list(relays)
    if not before:
        return work
    hours = [*(hours_told(one["hours"]) for one in before), work.hours]
    course = WorkTime(work.calendar, hours[0])
    for one, own in zip(before, hours[1:], strict=True):
        course = Relay(work.calendar, own, former=course, since=date.fromisoformat(one["until"]))
    return course


def pauses_of(book: Book[Clock], kind: str, records: Records) -> list[deadlines.Pause]:
    """The pauses that hold a clock of this kind."""
    return [
        deadlines.Pause(one.started_at, one.ended_at, reason_code=one.reason, planned_end=one.planned_end)
        for one in records.pauses
        if kind in (one.stops or shipped.stopped_by(book.reference, one.reason))
    ]


def records_of(book: Book[Clock], things: Iterable[UUID]) -> dict[UUID, Records]:
    """Pauses and granted extensions by the things' ids, in one statement for each table however many they are."""
    ids = list(things)
    pauses, extensions = defaultdict(list), defaultdict(list)
    among = {f"{book.of}__in": ids}
    if book.pause:
        for pause in book.pause._default_manager.filter(**among).order_by("started_at"):
            pauses[book.id_of(pause)].append(pause)
    if book.extension:
        for extension in book.extension._default_manager.filter(granted=True, **among).order_by("decided_at"):
            extensions[book.id_of(extension)].append(extension)
    return {key: Records(tuple(pauses[key]), tuple(extensions[key])) for key in ids}


def clocks_told(
    book: Book[Clock], rows: Iterable[Row], records: Records, calendar: WorkCalendar, now: datetime
) -> list[tuple[Row, Reckoning]]:
    """Those of a thing's clocks that count, each with what it comes to and why; reads nothing."""
    counted = [row for row in rows if row.counts]
    begins = {kind: min((row.started_at for row in counted if row.kind == kind), default=now) for kind in book.anew}
    return [
        (
            row,
            reckoned(
                book,
                row,
                records,
                WorkTime(calendar, hours_told(row.hours)),
                now,
                anew=row.kind in begins and row.started_at > begins[row.kind],
            ),
        )
        for row in counted
    ]


def hours_told(told: object) -> Hours:
    return Hours.parse(told) if told else USUAL
