"""Working time: the hours of a unit laid over the working days of a calendar.

The law: a period in days does not count the day on which it begins, a period in hours runs from its beginning (Civil
Code, article 201); a period in days ends when business stops on its last day, at 24:00 where there are no business
hours (article 203). A make-up working weekend (调休) is a working day with the usual hours.

Everything here is wall time in Asia/Shanghai, which has had no daylight saving time since 1992.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, TypeAlias

from minqing.core.clock import SHANGHAI
from minqing.worktime.calendar import WorkCalendar

Span: TypeAlias = tuple[int, int]
MIDNIGHT: Final = 24 * 60
NOTHING: Final = timedelta()
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Hours:
    """When a unit is at work on a day: ``spans`` in minutes after midnight, in order, apart or touching.

    With ``every_day`` weekends and holidays are days like others: somebody is always on duty.
    """

    spans: tuple[Span, ...] = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
    every_day: bool = False

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("working hours need at least one span, like 08:30 to 12:00")
        last = 0
        for begin, end in self.spans:
            if not 0 <= begin < end <= MIDNIGHT:
                raise ValueError(f"a span of working hours ends after it begins: {_clock(begin)} to {_clock(end)}")
            if begin < last:
                raise ValueError(f"spans of working hours are in order and do not overlap: {_clock(begin)}")
            last = end

    @classmethod
    def parse(cls, told: object) -> Hours:
        """From JSON: ``[["08:30", "12:00"], ["13:30", "17:30"]]``, or ``{"every_day": true, "spans": […]}``.

        Raises ValueError with what is wrong.
        """
        every_day = False
        if isinstance(told, dict):
            every_day = told.get("every_day", False)
            if not isinstance(every_day, bool) or not told.keys() <= {"every_day", "spans"}:
                raise ValueError('working hours are written {"every_day": true, "spans": [["00:00", "24:00"]]}')
            told = told.get("spans")
        if not isinstance(told, (list, tuple)):
            raise ValueError('working hours are a list of spans, like [["08:30", "12:00"], ["13:30", "17:30"]]')
        return cls(tuple(_span(one) for one in told), every_day)

    def as_json(self) -> list[list[str]] | dict[str, Any]:
        """What :meth:`parse` reads."""
        spans = [[_clock(begin), _clock(end)] for begin, end in self.spans]
        return {"every_day": True, "spans": spans} if self.every_day else spans

    @cached_property
    def length(self) -> timedelta:
        """Working time of one day."""
        return sum(((end - begin) * _MINUTE for begin, end in self.spans), NOTHING)

    @cached_property
    def close(self) -> time:
        """When business stops. 24:00 is told as 23:59:59, so that a term's last day is the date people read."""
        end = self.spans[-1][1]
        return time(23, 59, 59) if end == MIDNIGHT else time(*divmod(end, 60))

    @cached_property
    def _stretches(self) -> tuple[tuple[timedelta, timedelta], ...]:
        return tuple((begin * _MINUTE, end * _MINUTE) for begin, end in self.spans)

    def before(self, clock: timedelta) -> timedelta:
        """Working time of a working day up to ``clock`` after midnight."""
        worked = NOTHING
        for begin, end in self._stretches:
            if clock >= end:
                worked += end - begin
            elif clock > begin:
                worked += clock - begin
        return worked

    def next_open(self, clock: timedelta) -> timedelta | None:
        """``clock`` itself in working hours, else the next beginning; None when the day's work is over."""
        return next((max(clock, begin) for begin, end in self._stretches if clock < end), None)

    def reached(self, amount: timedelta) -> timedelta:
        """The first moment after midnight by which ``amount`` (above 0, at most ``length``) is worked."""
        for begin, end in self._stretches:
            if amount <= end - begin:
                return begin + amount
            amount -= end - begin
        raise ValueError("more than a day's working time")


USUAL: Final = Hours()
ALL_DAY: Final = Hours(((0, MIDNIGHT),), every_day=True)


@dataclass(frozen=True)
class WorkTime:
    """The working time of units with these ``hours`` in this ``calendar``. Moments given must be timezone aware;
    those returned are in Asia/Shanghai. Naive ones raise ValueError, and so does counting past the year 9999.
    """

    calendar: WorkCalendar
    hours: Hours = USUAL

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen characters that change with the days and with the hours."""
        told = f"{self.calendar.fingerprint}|{self.hours.spans}|{self.hours.every_day}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def every_day(self) -> bool:
        return self.hours.every_day

    @property
    def handed(self) -> tuple[date, ...]:
        """The days from which on another's hours count (:class:`minqing.worktime.relay.Relay`)."""
        return ()

    def natural(self) -> WorkTime:
        """The same hours on every day of the calendar."""
        return self if self.every_day else replace(self, hours=replace(self.hours, every_day=True))

    def is_working_day(self, day: date) -> bool:
        return self.hours.every_day or self.calendar.is_working_day(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether the unit is at work. At 12:00 sharp the morning is over."""
        day, clock = _place(moment)
        return self.is_working_day(day) and self.hours.next_open(clock) == clock

    def next_open(self, moment: datetime) -> datetime:
        """``moment`` itself when the unit is at work, else when it is next."""
        day, clock = _place(moment)
        if self.is_working_day(day):
            today = self.hours.next_open(clock)
            if today is not None:
                return _moment(day, today)
        return _moment(self.day_after(day), self.hours.spans[0][0] * _MINUTE)

    def add_hours(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which ``amount`` of working time has passed since ``start``.

        So a morning's work from its beginning ends at 12:00, not at 13:30. Nothing added is ``start`` itself.
        """
        if amount < NOTHING:
            raise ValueError("a term is not negative")
        day, clock = _place(start)
        if not amount:
            return _moment(day, clock)
        worked = self.is_working_day(day)
        total = amount + (self.hours.before(clock) if worked else NOTHING)
        full, rest = divmod(total, self.hours.length)
        if not rest:
            full, rest = full - 1, self.hours.length
        if full or not worked:
            day = self.day_after(day, full if worked else full + 1)
        return _moment(day, self.hours.reached(rest))

    def add_days(self, start: datetime, days: int) -> datetime:
        """Close of business on the ``days``-th working day after that of ``start``; zero: today's, else the next."""
        if days < 0:
            raise ValueError("a term is not negative")
        day = self.first_uncounted(start) if days == 0 else _place(start)[0]
        return self.close_of(self.day_after(day, days or 1))

    def first_uncounted(self, start: datetime) -> date:
        """The day after which a term of zero days looks for its day: yesterday until business stops, then today."""
        day, clock = _place(start)
        return day if _moment(day, clock) > self.close_of(day) else day - _DAY

    def close_of(self, day: date) -> datetime:
        """When business stops on ``day``, working day or not."""
        return datetime.combine(day, self.hours.close, SHANGHAI)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``; negative when ``end`` comes first."""
        (first, begin), (last, stop) = _place(start), _place(end)
        total = self.days_between(first, last) * self.hours.length
        # days_between runs from close to close: on the first day add what was left, on the last take what is left
        if self.is_working_day(first):
            total += self.hours.length - self.hours.before(begin)
        if self.is_working_day(last):
            total -= self.hours.length - self.hours.before(stop)
        return total

    def days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` is before ``first``."""
        if last < first:
            return -self.days_between(last, first)
        low, high = first.toordinal(), last.toordinal()
        if self.hours.every_day:
            return high - low
        if first.year == last.year:
            days = self.calendar.working_days_of(first.year)
            return bisect_right(days, high) - bisect_right(days, low)
        years = map(self.calendar.working_days_of, range(first.year, last.year + 1))
        return sum(bisect_right(days, high) - bisect_right(days, low) for days in years)

    def day_after(self, day: date, count: int = 1) -> date:
        """The ``count``-th working day after ``day`` (1: the next one)."""
        low = day.toordinal()
        if self.hours.every_day:
            return _day(low + count)
        for year in range(day.year, MAXYEAR + 1):
            days = self.calendar.working_days_of(year)
            if not days:
                raise ValueError("a whole year without a working day: the table of working days is wrong")
            skipped = bisect_right(days, low)
            if skipped + count <= len(days):
                return _day(days[skipped + count - 1])
            count -= len(days) - skipped
        raise ValueError("a term that ends after the year 9999")

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years from ``first`` to ``last`` whose notice is not out: what was counted in them is provisional 暂估."""
        if self.hours.every_day:
            return ()
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.calendar.known_years)


def local(moment: datetime) -> datetime:
    """``moment`` on the county's clock."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a timezone has no place on the clock")
    return moment.astimezone(SHANGHAI)


def _place(moment: datetime) -> tuple[date, timedelta]:
    here = local(moment).replace(tzinfo=None)
    day = here.date()
    return day, here - datetime.combine(day, time())


def _moment(day: date, clock: timedelta) -> datetime:
    return (datetime.combine(day, time()) + clock).replace(tzinfo=SHANGHAI)


def _day(ordinal: int) -> date:
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError):
        raise ValueError("a term that ends after the year 9999") from None


def _span(told: object) -> Span:
    if not (isinstance(told, (list, tuple)) and len(told) == 2):
        raise ValueError('a span of working hours is a pair, like ["08:30", "12:00"]')
    return _minutes(told[0]), _minutes(told[1])


def _minutes(told: object) -> int:
    if told == "24:00":
        return MIDNIGHT
    found = _TIME.fullmatch(told) if isinstance(told, str) else None
    if not found:
        raise ValueError(f"a time of day is written like 08:30, not {told!r}")
    return int(found[1]) * 60 + int(found[2])


def _clock(minutes: int) -> str:
    return "{:02}:{:02}".format(*divmod(minutes, 60))
