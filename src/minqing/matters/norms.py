"""The norms of this release as data: the ladder, what a pause stops, how many are called back. Pure: a file.

Targets that an operator may change stand in :class:`minqing.matters.models.Norm`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from minqing.core.reference import read_reference
from minqing.matters.clocks import Target
from minqing.matters.enums import ClockKind, PauseReason, Rung


class Step(NamedTuple):
    """``rung`` hears of a matter ``after`` its deadline."""

    rung: Rung
    after: Target


@cache
def reference() -> dict[str, Any]:
    return dict(read_reference("minqing.matters", "norms"))


@cache
def ladder() -> tuple[Step, ...]:
    """From the lowest rung up."""
    return tuple(Step(Rung(one["rung"]), Target.parse(one["after"])) for one in reference()["ladder"])


@cache
def stopped_by(reason: PauseReason) -> frozenset[ClockKind]:
    """The kinds of clocks that stand still while a matter waits for ``reason``."""
    return frozenset(map(ClockKind, reference()["pauses"][reason.value]))


def next_rung(rung: Rung) -> Step | None:
    """The step above ``rung``; None at the top."""
    steps = ladder()
    if rung is Rung.OFFICER:
        return steps[0]
    at = [step.rung for step in steps].index(rung)
    return steps[at + 1] if at + 1 < len(steps) else None


def sample_percent() -> int:
    return int(reference()["sample"])
