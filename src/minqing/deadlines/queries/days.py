"""The year as the operator sees it, and what a change of one day would do to deadlines."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from minqing.core import clock
from minqing.core.clock import SHANGHAI
from minqing.deadlines.books import UPKEEPS, Book
from minqing.deadlines.queries.records import hours_told, reckoned, records_of
from minqing.deadlines.rows import Clock
from minqing.org.queries import system_actor, work_calendar
from minqing.org.queries.upkeep import days_set
from minqing.privacy.access import acting_as
from minqing.worktime.calendar import WorkCalendar
from minqing.worktime.hours import WorkTime

EXAMPLES: Final = 5
WEEKS: Final = Calendar(firstweekday=0)


@dataclass(frozen=True)
class Day:
    """``kind`` is the class of its cell: nothing for a plain working day, ``rest`` weekend, ``holiday``, ``extra``."""

    on: date
    kind: str
    name: str
    own: bool


@dataclass(frozen=True)
class Year:
    year: int
    provisional: bool
    worked: int
    months: tuple[tuple[date, tuple[tuple[Day | None, ...], ...]], ...]


def year_of(year: int) -> Year:
    """Twelve months of weeks from Monday on; a week has None where another month has its days."""
    calendar, own = work_calendar(), {on for on, row in days_set(year).items() if row.source == "operator"}
    months = tuple(
        (
            date(year, month, 1),
            tuple(
                tuple(day_of(calendar, on, own=on in own) if on.month == month else None for on in week)
                for week in WEEKS.monthdatescalendar(year, month)
            ),
        )
        for month in range(1, 13)
    )
    return Year(year, calendar.is_provisional(date(year, 6, 1)), len(calendar.working_days_of(year)), months)


def day_of(calendar: WorkCalendar, on: date, *, own: bool) -> Day:
    worked, weekend = calendar.is_working_day(on), on.weekday() >= 5
    kind = ("extra" if weekend else "") if worked else ("rest" if weekend and not calendar.name_of(on) else "holiday")
    return Day(on, kind, calendar.name_of(on), own)


@dataclass(frozen=True)
class Moves:
    """``running`` deadlines span the day and are reckoned anew; of the next few from when to when they go."""

    running: int
    examples: tuple[tuple[str, datetime, datetime], ...]


def moves_of(on: date, *, working: bool, now: datetime) -> Moves:
    """What would become of deadlines if the day were worked, or were not. Reads as the system: numbers, no texts."""
    calendar = work_calendar().with_overrides({on: working})
    running, examples = 0, []
    with acting_as(system_actor("deadlines.preview")):
        for upkeep in UPKEEPS:
            found = spanning(upkeep.book, on)
            running += found.count()
            examples += [
                (number, before, after)
                for number, before, after in reckoned_with(upkeep.book, upkeep.number, found, calendar, now)
                if before != after
            ]
    return Moves(running, tuple(sorted(examples, key=lambda one: one[1])[:EXAMPLES]))


def spanning(book: Book[Clock], on: date) -> QuerySet[Any]:
    """Running clocks that began on the day or before and are due on it or later."""
    start = datetime.combine(on, time(), SHANGHAI)
    return book.clocks.filter(stopped_at=None, started_at__lt=start + timedelta(days=1), due_at__gte=start)


def reckoned_with(
    book: Book[Clock], number: str, found: QuerySet[Any], calendar: WorkCalendar, now: datetime
) -> list[tuple[str, datetime, datetime]]:
    rows = list(found.filter(kind__in=book.own).select_related(book.of, "unit").order_by("due_at", "pk")[:EXAMPLES])
    records = records_of(book, [book.id_of(row) for row in rows])
    told = []
    for row in rows:
        work = WorkTime(calendar, hours_told(row.unit.hours if row.unit else None))
        after = reckoned(book, row, records[book.id_of(row)], work, now).due_at
        if after is not None and row.due_at is not None:
            told.append((str(getattr(book.thing(row), number)), row.due_at, after))
    return told


def set_this_year() -> int:
    """How many days of this year a notice or the operator has set; all others follow the week."""
    return len(days_set(clock.now().astimezone(SHANGHAI).year))
