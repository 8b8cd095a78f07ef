"""Working time that changed hands: up to some day one unit's, from that day on another's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from minqing.core.clock import SHANGHAI
from minqing.worktime.hours import NOTHING, WorkTime, local

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Relay(WorkTime):
    """``former`` up to the day before ``since``, these ``hours`` from ``since`` on.

    A whole day is one unit's or the other's. ``fingerprint`` is that of the later one alone: what the former was
    worth is past, and does not change any more with its hours.
    """

    former: WorkTime = field(kw_only=True)
    since: date = field(kw_only=True)

    @cached_property
    def later(self) -> WorkTime:
        return WorkTime(self.calendar, self.hours)

    @property
    def every_day(self) -> bool:
        return self.hours.every_day and self.former.every_day

    def natural(self) -> Relay:
        return replace(self, hours=self.later.natural().hours, former=self.former.natural())

    @property
    def handed(self) -> tuple[date, ...]:
        return (*self.former.handed, self.since)

    @cached_property
    def border(self) -> datetime:
        return datetime.combine(self.since, time(), SHANGHAI)

    @property
    def eve(self) -> date:
        return self.since - _DAY

    def of(self, day: date) -> WorkTime:
        return self.former if day < self.since else self.later

    def is_working_day(self, day: date) -> bool:
        return self.of(day).is_working_day(day)

    def is_open(self, moment: datetime) -> bool:
        return self.of(local(moment).date()).is_open(moment)

    def next_open(self, moment: datetime) -> datetime:
        if local(moment) < self.border:
            found = self.former.next_open(moment)
            return found if found < self.border else self.later.next_open(self.border)
        return self.later.next_open(moment)

    def close_of(self, day: date) -> datetime:
        return self.of(day).close_of(day)

    def add_hours(self, start: datetime, amount: timedelta) -> datetime:
        if local(start) >= self.border or not amount:
            return self.later.add_hours(start, amount)
        before = self.former.worked_between(start, self.border)
        if NOTHING <= amount <= before:
            return self.former.add_hours(start, amount)
        return self.later.add_hours(self.border, amount - before)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        if local(end) < local(start):
            return -self.worked_between(end, start)
        if local(end) <= self.border:
            return self.former.worked_between(start, end)
        if local(start) >= self.border:
            return self.later.worked_between(start, end)
        return self.former.worked_between(start, self.border) + self.later.worked_between(self.border, end)

    def days_between(self, first: date, last: date) -> int:
        if last < first:
            return -self.days_between(last, first)
        if last <= self.eve:
            return self.former.days_between(first, last)
        if first >= self.eve:
            return self.later.days_between(first, last)
        return self.former.days_between(first, self.eve) + self.later.days_between(self.eve, last)

    def day_after(self, day: date, count: int = 1) -> date:
        if day >= self.eve:
            return self.later.day_after(day, count)
        before = self.former.days_between(day, self.eve)
        return self.former.day_after(day, count) if count <= before else self.later.day_after(self.eve, count - before)

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        before = self.former.unknown_years(first, min(last, self.eve)) if first <= self.eve else ()
        after = self.later.unknown_years(max(first, self.since), last) if last >= self.since else ()
        return tuple(sorted({*before, *after}))
