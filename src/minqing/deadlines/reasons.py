"""Why a clock is due when it is, as codes with data: each a fact of the calendar or of a row.

The data are JSON as they stand, so that a clock's reasons can be kept beside it, and an old explanation read again
after the calendar has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from minqing.deadlines.pauses import Still, running_between
from minqing.deadlines.shapes import Extension, Pause, Reason, Target, Unit
from minqing.worktime.hours import WorkTime, local

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stage:
    """``amount`` of one unit counted from ``start`` to ``end`` (None: the clock stands before it is through).

    For days: those after the date ``after`` were looked at, and ``last`` was the last one counted.
    """

    unit: Unit
    amount: int
    start: datetime
    end: datetime | None
    after: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Course:
    """A reckoning with all that it was reckoned from. ``hoped`` are the stages of the forecast."""

    kind: str
    work: WorkTime
    start: datetime
    target: Target
    extensions: tuple[Extension, ...]
    pauses: tuple[Pause, ...]
    stages: tuple[Stage, ...]
    stretches: tuple[Still, ...]
    hoped: tuple[Stage, ...]
    stopped_at: datetime | None
    anew: bool = False

    @property
    def due_at(self) -> datetime | None:
        return self.stages[-1].end

    @property
    def horizon(self) -> datetime:
        """Where the explanation ends: the due moment, or where the clock stands still for an unknown time."""
        return self.due_at or self.stretches[-1].start

    @property
    def unknown_years(self) -> tuple[int, ...]:
        found: set[int] = set()
        for stage in self.hoped:
            # of natural days only the last one asks the calendar whether it is worked
            first = stage.last if stage.unit is Unit.CALENDAR_DAYS else stage.start.date()
            if first and stage.end:
                found.update(self.work.unknown_years(first, stage.end.date()))
        return tuple(sorted(found))


def reasons_of(course: Course) -> tuple[Reason, ...]:
    return (
        *((Reason("anew"),) if course.anew else ()),
        _begin(course),
        Reason("target", {"target": course.target.as_json()}),
        *(_extension(one) for one in sorted(course.extensions, key=lambda one: one.granted_at)),
        *(Reason("relay", {"since": day.isoformat()}) for day in course.work.handed if course.start.date() < day),
        *_calendar(course),
        *(_pause(course, one) for one in course.stretches if one.start < course.horizon or one.end is None),
        *(reason for stage in course.stages for reason in _counted(course, stage)),
        *((Reason("provisional", {"years": list(course.unknown_years)}),) if course.unknown_years else ()),
        _end(course),
    )


def _begin(course: Course) -> Reason:
    data: dict[str, object] = {"kind": course.kind, "at": _iso(course.start)}
    if course.stages[0].unit is Unit.HOURS:
        opens = course.work.next_open(course.start)
        return Reason("begin_hours", data if opens == course.start else {**data, "opens": _iso(opens)})
    if course.stages[0].amount:
        return Reason("begin_days", data)
    today = course.start.date()
    over = course.stages[0].after == today or not course.work.is_working_day(today)
    return Reason("begin_today", {**data, "over": over})


def _extension(one: Extension) -> Reason:
    return Reason("extension", {"more": one.target_more.as_json(), "granted_at": _iso(local(one.granted_at))})


def _calendar(course: Course) -> Iterator[Reason]:
    """Holidays and make-up days among the days that were looked at; natural days count holidays like others."""
    work, name_of = course.work, course.work.calendar.name_of
    looked = [] if work.every_day else sorted({day for stage in course.stages for day in _looked(course, stage)})
    for run in runs(day for day in looked if not work.is_working_day(day)):
        special = [day for day in run if day.weekday() < 5]
        if special:
            named = list(dict.fromkeys(filter(None, map(name_of, special))))
            yield Reason("holiday", {"first": run[0].isoformat(), "last": run[-1].isoformat(), "names": named})
    for day in looked:
        # a unit that works every day has no make-up days
        if day.weekday() >= 5 and work.calendar.is_working_day(day):
            yield Reason("makeup", {"day": day.isoformat(), "names": list(filter(None, [name_of(day)]))})


def _looked(course: Course, stage: Stage) -> Iterable[date]:
    """The days on which the calendar was asked: none for natural days, whose move at the end is told apart."""
    if stage.unit is Unit.CALENDAR_DAYS:
        return ()
    first = stage.start.date() if stage.after is None else stage.after + _DAY
    return _dates(first, (stage.end or course.horizon).date())


def _pause(course: Course, one: Still) -> Reason:
    """What a stretch took: ``days`` that were not counted, and ``hours`` (in seconds) for terms in hours."""
    planned = [local(pause.planned_end) for pause in course.pauses if pause.end is None and pause.planned_end]
    end = course.horizon if one.end is None else min(one.end, course.horizon)
    data: dict[str, object] = {"from": _iso(one.start), "to": _iso(one.end), "codes": list(one.codes)}
    if one.end is None and planned:
        data["planned"] = _iso(max(planned))
    days = [day.isoformat() for stage in course.stages for day in _lost(course, stage, one)]
    seconds = sum(
        course.work.worked_between(max(one.start, stage.start), min(end, stage.end or end)).total_seconds()
        for stage in course.stages
        if stage.unit is Unit.HOURS and max(one.start, stage.start) < min(end, stage.end or end)
    )
    return Reason("pause", {**data, "days": days, "seconds": int(seconds)})


def _lost(course: Course, stage: Stage, one: Still) -> Iterator[date]:
    """The days that ``stage`` would have counted, or moved to, but for this stretch."""
    if stage.after is None:
        return
    end = (stage.end or course.horizon).date()
    counting = _counting(course.work, stage)
    yield from _closed_in(one, counting, stage.after + _DAY, stage.last or end)
    if stage.last and stage.last < end:
        yield from _closed_in(one, course.work, stage.last + _DAY, end)


def _closed_in(one: Still, work: WorkTime, first: date, last: date) -> Iterator[date]:
    """The days of ``work`` from ``first`` to ``last`` whose close falls in the stretch."""
    lost = one.days(work)
    if lost is not None:
        within = _dates(max(first, lost[0]), min(last, lost[1] or last))
        yield from (day for day in within if work.is_working_day(day))


def _counted(course: Course, stage: Stage) -> Iterator[Reason]:
    """The days that were counted, in runs, and where a natural term moved to when it ended on a rest day."""
    if stage.after is None:
        ran = running_between(course.work, stage.start, stage.end or course.horizon, course.stretches)
        yield Reason("counted_hours", {"seconds": int(ran.total_seconds())})
        return
    work = _counting(course.work, stage)
    first, last = stage.after + _DAY, stage.last or course.horizon.date()
    lost = {day for one in course.stretches for day in _closed_in(one, work, first, last)}
    kept = [day for day in _dates(first, last) if work.is_working_day(day) and day not in lost]
    ranges = [[run[0].isoformat(), run[-1].isoformat(), len(run)] for run in runs(kept)]
    code = "counted_calendar_days" if stage.unit is Unit.CALENDAR_DAYS else "counted_days"
    yield Reason(code, {"total": len(kept), "ranges": ranges})
    if stage.last and stage.end and stage.end.date() != stage.last:
        yield Reason("moved", {"from": stage.last.isoformat(), "to": stage.end.date().isoformat()})


def _end(course: Course) -> Reason:
    if course.due_at is None:
        since = course.stretches[-1].start
        return Reason("standing", {"since": _iso(since), "forecast": _iso(course.hoped[-1].end)})
    if course.stopped_at is None:
        return Reason("due", {"at": _iso(course.due_at)})
    late = course.stopped_at > course.due_at
    return Reason("stopped", {"at": _iso(course.due_at), "stopped": _iso(course.stopped_at), "late": late})


def _counting(work: WorkTime, stage: Stage) -> WorkTime:
    if stage.unit is Unit.DAYS:
        return work
    return work.natural()


def runs(days: Iterable[date]) -> list[list[date]]:
    """Days in order, cut where one is missing."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] == _DAY:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _dates(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
