"""The deadline of matters in words; the colours of ``queries.lights`` are for filters and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from minqing.core import clock
from minqing.deadlines import due_words
from minqing.matters.enums import OPEN, State
from minqing.matters.models import Matter
from minqing.matters.queries.running import held_since
from minqing.org.queries import work_calendar
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime


class Timing(NamedTuple):
    """What of a matter's row its deadline is told from."""

    id: UUID
    state: str
    due_at: datetime | None
    due_provisional: bool
    received_at: datetime
    assigned_at: datetime | None
    finished_at: datetime | None


_timing: Final = attrgetter(*Timing._fields)


def dues(rows: Iterable[Timing], now: datetime | None = None) -> Callable[[Timing], Due | None]:
    """What says a row's deadline, at this moment for all rows; asks the database once, only where some wait."""
    at, work = now or clock.now(), WorkTime(work_calendar())
    since = held_since(row.id for row in rows if row.state == State.SUSPENDED)

    def told(row: Timing) -> Due | None:
        if row.state not in OPEN:
            return due_words.settled(row.due_at, finished_at=row.finished_at, work=work)
        if row.id in since:
            return due_words.paused(since[row.id], now=at, work=work)
        started = row.assigned_at or row.received_at
        due = due_words.running(row.due_at, started_at=started, now=at, work=work, provisional=row.due_provisional)
        return due_words.to_assign(due) if row.state == State.RECEIVED else due

    return told


def with_dues(matters: Iterable[Matter], now: datetime | None = None) -> list[Any]:
    """The matters, each with its ``due``."""
    found = list(matters)
    timings = [Timing(*_timing(one)) for one in found]
    told = dues(timings, now)
    for one, timing in zip(found, timings, strict=True):
        one.due = told(timing)  # type: ignore[attr-defined]
    return found
