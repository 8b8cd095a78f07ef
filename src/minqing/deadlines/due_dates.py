"""When a clock is due, and whether it is late, from its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial

from minqing.deadlines.pauses import (
    Still,
    after_days,
    after_hours,
    running_between,
    still_at,
    stills,
)
from minqing.deadlines.reasons import Course, Stage, reasons_of
from minqing.deadlines.shapes import NOTHING, Extension, Pause, Reason, Target, Unit
from minqing.worktime.hours import WorkTime, local


@dataclass(frozen=True)
class Reckoning:
    """How a clock stands at the moment it was reckoned for. Moments are in Asia/Shanghai.

    ``due_at`` is None while an open pause holds the clock before it is due: nobody knows yet. Then ``forecast_at`` is
    when it would be due if the pause ended as planned, or now where nothing is planned or the plan has passed; else
    the two are the same. ``elapsed``, ``left`` and ``term`` (the whole of it) are working time in which the clock ran;
    ``left`` is negative by the lateness, which grows neither in a pause nor after the stop. ``day`` is the unit's
    working time of one day, to compare them with.
    """

    kind: str
    start: datetime
    due_at: datetime | None
    forecast_at: datetime
    provisional: bool
    elapsed: timedelta
    left: timedelta
    paused: bool
    stopped_at: datetime | None
    day: timedelta
    _tell: Callable[[], tuple[Reason, ...]] = field(repr=False, compare=False)

    @property
    def term(self) -> timedelta:
        return self.elapsed + self.left

    @property
    def overdue(self) -> bool:
        """Late: now, or when it stopped."""
        return self.left < NOTHING

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is due when it is, step by step; worked out when first asked for."""
        return self._tell()


def reckon(
    *,
    kind: str,
    start: datetime,
    target: Target,
    work: WorkTime,
    pauses: Collection[Pause] = (),
    extensions: Collection[Extension] = (),
    stopped_at: datetime | None = None,
    now: datetime,
    anew: bool = False,
) -> Reckoning:
    """How the clock stands at ``now``; see :class:`Reckoning`. Nothing else is read: the same rows, the same answer.

    How pauses count is told in :mod:`minqing.deadlines.pauses`. A stopped clock ends its open pause when it
    stopped. Extensions in the target's unit make one sum with it; those in another unit are counted on from where
    that ends, first hours, then working days, then natural days. All moments must be timezone aware (ValueError).
    ``anew`` says that the term counts again because the matter was opened again.
    """
    begin = local(start)
    stop = None if stopped_at is None else max(local(stopped_at), begin)
    end = max(local(now), begin) if stop is None else stop
    amounts = terms(target, extensions)
    certain = stills(pauses, start=begin, stopped_at=stop)
    stages = course(work, begin, amounts, certain)
    due = stages[-1].end
    likely, hoped = certain, stages
    if due is None:
        likely = stills(pauses, start=begin, stopped_at=None, resumed_at=end)
        hoped = course(work, begin, amounts, likely)
    forecast = hoped[-1].end
    assert forecast is not None, "no pause is open any more"  # noqa: S101
    told = Course(kind, work, begin, target, tuple(extensions), tuple(pauses), stages, certain, hoped, stop, anew)
    return Reckoning(
        kind=kind,
        start=begin,
        due_at=due,
        forecast_at=forecast,
        provisional=bool(told.unknown_years),
        elapsed=running_between(work, begin, end, certain),
        left=left_until(work, forecast, end, likely),
        paused=stop is None and still_at(certain, end),
        stopped_at=stop,
        day=work.hours.length,
        _tell=partial(reasons_of, told),
    )


def left_until(work: WorkTime, due: datetime, moment: datetime, stretches: Sequence[Still]) -> timedelta:
    if moment <= due:
        return running_between(work, moment, due, stretches)
    return -running_between(work, due, moment, stretches)


def terms(target: Target, extensions: Collection[Extension]) -> dict[Unit, int]:
    """What is to be counted, in order: the target's own unit first."""
    amounts = {target.unit: target.amount}
    for unit in Unit:
        more = sum(one.target_more.amount for one in extensions if one.target_more.unit is unit)
        if more:
            amounts[unit] = amounts.get(unit, 0) + more
    return amounts


def course(work: WorkTime, start: datetime, amounts: dict[Unit, int], stretches: Sequence[Still]) -> tuple[Stage, ...]:
    """One stage for each unit, each from where the one before ended; the last has no end if the clock stands on."""
    stages: list[Stage] = []
    for unit, amount in amounts.items():
        stage = _STAGES[unit](work, start, amount, stretches)
        stages.append(stage)
        if stage.end is None:
            break
        start = stage.end
    return tuple(stages)


def _hours(work: WorkTime, start: datetime, amount: int, stretches: Sequence[Still]) -> Stage:
    return Stage(Unit.HOURS, amount, start, after_hours(work, start, timedelta(hours=amount), stretches))


def _days(work: WorkTime, start: datetime, amount: int, stretches: Sequence[Still]) -> Stage:
    after = start.date() if amount else work.first_uncounted(start)
    day = after_days(work, after, amount or 1, stretches)
    return Stage(Unit.DAYS, amount, start, None if day is None else work.close_of(day), after, day)


def _calendar_days(work: WorkTime, start: datetime, amount: int, stretches: Sequence[Still]) -> Stage:
    after = start.date()
    last = after_days(work.natural(), after, amount, stretches)
    day = last
    if last is not None and not work.is_working_day(last):
        day = after_days(work, last, 1, stretches)
    return Stage(Unit.CALENDAR_DAYS, amount, start, None if day is None else work.close_of(day), after, last)


_STAGES: dict[Unit, Callable[[WorkTime, datetime, int, Sequence[Still]], Stage]] = {
    Unit.HOURS: _hours,
    Unit.DAYS: _days,
    Unit.CALENDAR_DAYS: _calendar_days,
}
