"""Which clocks a matter has, and when they start and end. Nothing here is a move of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from minqing import deadlines
from minqing.deadlines import Target
from minqing.deadlines import services as clocks
from minqing.deadlines.enums import Rung
from minqing.matters.enums import ClockKind, Mechanism
from minqing.matters.models import Clock, Matter, Part
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.protocols import UnitLike
from minqing.org.queries import work_time


def norm(mechanism: Mechanism | str, kind: ClockKind) -> clocks.Promised | None:
    """What the county promises, None where it promises nothing of the kind."""
    return clocks.norm(CLOCKS, mechanism, kind)


def due_to_assign() -> Callable[[datetime], datetime | None]:
    """By when a matter that came in at a moment is to be with a unit; None where nothing is promised."""
    target, work = norm(Mechanism.IMMEDIATE, ClockKind.ASSIGN), work_time()

    def due(start: datetime) -> datetime | None:
        if target is None:
            return None
        return deadlines.reckon(
            kind=ClockKind.ASSIGN, start=start, target=target, work=work, pauses=(), now=start
        ).due_at

    return due


def end_of_next_day(now: datetime) -> datetime:
    """The close of the next working day: before it those above hear of no old matter that was loaded by now."""
    kind, work = ClockKind.ASSIGN, work_time()
    return deadlines.reckon(kind=kind, start=now, target=Target(days=1), work=work, now=now).forecast_at


def start_clocks(
    matter: Matter,
    targets: Mapping[ClockKind, Target | None],
    *,
    at: datetime,
    part: Part | None = None,
    starts: Mapping[ClockKind, datetime] | None = None,
) -> dict[ClockKind, Clock]:
    """Start a clock for each kind that has a target, of the whole matter or of a ``part`` in its unit's hours."""
    own = {"part": part, "unit": part.unit} if part else {}
    return clocks.start_clocks(CLOCKS, matter, targets, at=at, starts=starts, **own)


def wait_for_unit(matter: Matter, *, at: datetime, rung: Rung = Rung.OFFICER) -> dict[str, Any]:
    """The clock to assign begins; returns the matter's own deadline until a unit has it.

    It is a new deadline: nobody above has heard of it yet, unless it is looked at on a higher ``rung`` from the first.
    """
    matter.rung = rung.value
    started = start_clocks(matter, {ClockKind.ASSIGN: norm(matter.mechanism, ClockKind.ASSIGN)}, at=at)
    return {"rung": matter.rung} | deadline_of(started.get(ClockKind.ASSIGN))


def stop_clocks(
    matter: Matter,
    *,
    at: datetime,
    kinds: Collection[ClockKind] | None = None,
    part: Part | None = None,
    counts: bool | Collection[ClockKind] = True,
) -> None:
    """What the clocks waited for has happened; those that are not among ``counts`` are called off instead."""
    running = CLOCKS.running(matter)
    if kinds is not None:
        running = running.filter(kind__in=kinds)
    if part is not None:
        running = running.filter(part=part)
    clocks.stop_clocks(running, at=at, counts=counts)
    if part is None and (kinds is None or ClockKind.FINISH in kinds):
        drop_requests(matter, at=at)


def hand_over(matter: Matter, unit: UnitLike, *, at: datetime) -> dict[str, Any]:
    """Clocks of the whole matter that run on go on in the hours of ``unit``; parts are their own units'."""
    return clocks.hand_over(CLOCKS, matter, unit, CLOCKS.running(matter).filter(part=None), at=at)


def reckon_running(matter: Matter, *, at: datetime) -> dict[str, Any]:
    """The running clocks of one matter reckoned anew; returns what becomes of the matter's own deadline."""
    return clocks.reckon_running(CLOCKS, matter, at=at)


def drop_requests(matter: Matter, *, at: datetime) -> None:
    """A request for more time falls away with the deadline that it was for."""
    clocks.drop_requests(CLOCKS, matter, at=at)


def deadline_of(row: Clock | None) -> dict[str, Any]:
    """The matter's own deadline is that of its clock to finish, or before that to assign; and who above has heard."""
    return clocks.deadline_of(CLOCKS, row)
