"""Pauses merged in order of time, and counting working time without them.

Which time a pause takes from a clock:

- A target in **working hours** runs by the moment: working time inside a pause is not counted, all other is.
- A target in **days** looks at each day once, at the close of business: the day counts when the clock runs up to
  that moment, and does not when it stands (pause.start < close ≤ pause.end). That is the law's way of counting
  (the first day does not count, a day is over when business stops), so a pause from one day to the next gives one
  day, a pause that ends before business does gives none, a pause outside business hours or over a weekend gives
  none, and no day is given back twice. A stretch with less than three hours of business (:data:`WAITED`) is no waiting
  and gives no day: two minutes over the close would win one otherwise. Natural days close at the same hour, rest days
  too.

Both ways a longer or further pause never makes the term shorter, two pauses that touch are one, and a pause that is
cut into several gives no more than the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from minqing.core.clock import SHANGHAI
from minqing.deadlines.shapes import NOTHING, Pause
from minqing.worktime.hours import WorkTime, local

# a matter that stands for less of business than this has not waited
WAITED: Final = timedelta(hours=3)
_DAY: Final = timedelta(days=1)
# later than any end that can be told
_NEVER: Final = datetime.max.replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Still:
    """A stretch without a running clock: pauses that overlap or touch, as one. ``end`` None: for an unknown time."""

    start: datetime
    end: datetime | None
    codes: tuple[str, ...] = ()

    def days(self, work: WorkTime) -> tuple[date, date | None] | None:
        """First and last date whose close finds the clock standing; None when there is none, or it did not wait."""
        if self.end is not None and work.worked_between(self.start, self.end) < WAITED:
            return None
        first = self.start.date()
        if self.start >= work.close_of(first):
            first += _DAY
        if self.end is None:
            return first, None
        last = self.end.date()
        if self.end < work.close_of(last):
            last -= _DAY
        return (first, last) if first <= last else None


def stills(
    pauses: Iterable[Pause], *, start: datetime, stopped_at: datetime | None, resumed_at: datetime | None = None
) -> tuple[Still, ...]:
    """The stretches between ``start`` and ``stopped_at`` in which the clock stands, in order and apart.

    ``resumed_at``: the moment at which open pauses are supposed to end, unless they plan to end later.
    """
    found: list[Still] = []
    for begin, end, code in sorted(
        (max(local(pause.start), start), _end(pause, stopped_at=stopped_at, resumed_at=resumed_at), pause.reason_code)
        for pause in pauses
    ):
        if end <= begin:
            continue
        last = found[-1] if found else None
        if last is None or _reach(last) < begin:
            found.append(Still(begin, None if end == _NEVER else end, (code,)))
            continue
        reach = max(_reach(last), end)
        codes = tuple(sorted({*last.codes, code}))
        found[-1] = Still(last.start, None if reach == _NEVER else reach, codes)
    return tuple(found)


def _reach(one: Still) -> datetime:
    return one.end or _NEVER


def _end(pause: Pause, *, stopped_at: datetime | None, resumed_at: datetime | None) -> datetime:
    end = pause.end
    if end is None and resumed_at is not None:
        end = max(resumed_at, pause.planned_end or resumed_at)
    if stopped_at is not None:
        end = min(end or stopped_at, stopped_at)
    return _NEVER if end is None else local(end)


def still_at(stretches: Sequence[Still], moment: datetime) -> bool:
    return any(one.start <= moment and (one.end is None or moment < one.end) for one in stretches)


def running_between(work: WorkTime, start: datetime, end: datetime, stretches: Sequence[Still]) -> timedelta:
    """Working time from ``start`` to ``end`` in which the clock ran; nothing when ``end`` comes first."""
    if end <= start:
        return NOTHING
    total = work.worked_between(start, end)
    for one in stretches:
        begin, stop = max(one.start, start), end if one.end is None else min(one.end, end)
        if begin < stop:
            total -= work.worked_between(begin, stop)
    return total


def after_hours(work: WorkTime, start: datetime, amount: timedelta, stretches: Sequence[Still]) -> datetime | None:
    """The first moment by which the clock ran for ``amount`` of working time; None when it never does."""
    for one in stretches:
        if one.end is not None and one.end <= start:
            continue
        if one.start > start:
            run = work.worked_between(start, one.start)
            if run >= amount:
                break
            amount -= run
        if one.end is None:
            return None
        start = one.end
    return work.add_hours(start, amount)


def after_days(work: WorkTime, day: date, count: int, stretches: Sequence[Still]) -> date | None:
    """The ``count``-th day of ``work`` after ``day`` whose close finds the clock running; None when none does."""
    for one in stretches:
        lost = one.days(work)
        if lost is None or (lost[1] is not None and lost[1] <= day):
            continue
        first, last = lost
        if first > day:
            run = work.days_between(day, first - _DAY)
            if run >= count:
                break
            count -= run
        if last is None:
            return None
        day = last
    return work.day_after(day, count)
