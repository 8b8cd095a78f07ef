"""The ladder and the reasons to wait as the operator has them; where nothing is loaded yet, as shipped."""

from __future__ import annotations

from typing import NamedTuple

from minqing.core.cache_version import CachedTable
from minqing.deadlines import Target
from minqing.deadlines.books import Step
from minqing.deadlines.enums import Rung
from minqing.matters import norms
from minqing.matters.enums import ClockKind, PauseReason
from minqing.matters.models import LadderStep, PauseRule

RUNGS = tuple(Rung)


class Waiting(NamedTuple):
    """What it means to wait for a reason: the clocks that stand, up to how many days, and whether it may be chosen."""

    stops: frozenset[ClockKind]
    longest: int
    offered: bool


def climbed(rows: list[LadderStep]) -> tuple[Step, ...]:
    steps = [Step(Rung(row.rung), Target.parse(row.after)) for row in rows if row.used] if rows else norms.ladder()
    return tuple(sorted(steps, key=lambda step: RUNGS.index(step.rung)))


def by_reason(rows: list[PauseRule]) -> dict[PauseReason, Waiting]:
    shipped = {reason: Waiting(norms.stopped_by(reason), norms.longest(reason), True) for reason in PauseReason}
    return shipped | {
        PauseReason(row.reason): Waiting(frozenset(map(ClockKind, row.stops)), row.longest, row.offered) for row in rows
    }


LADDER = CachedTable(["matters_ladderstep"], LadderStep.objects.all, climbed)
PAUSES = CachedTable(["matters_pauserule"], PauseRule.objects.all, by_reason)


def ladder() -> tuple[Step, ...]:
    """The rungs in use, from the lowest up."""
    return LADDER.now()


def waiting_for(reason: PauseReason) -> Waiting:
    return PAUSES.now()[reason]


def reasons_offered() -> list[PauseReason]:
    return [reason for reason in PauseReason if waiting_for(reason).offered]
