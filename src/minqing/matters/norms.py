"""The norms of this release as shipped: the ladder, what a pause stops, how many are called back. Pure: a file.

What an operator may change of them stands in :mod:`minqing.matters.models.norms`, read by ``queries.terms``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from minqing.core.reference import read_reference
from minqing.deadlines import Target
from minqing.deadlines.books import Step
from minqing.deadlines.enums import Rung
from minqing.matters.enums import ClockKind, PauseReason


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
    return frozenset(map(ClockKind, reference()["pauses"][reason.value]["stops"]))


def longest(reason: PauseReason) -> int:
    """Up to how many days a matter may wait for ``reason``."""
    return int(reference()["pauses"][reason.value]["longest"])


def sample_percent() -> int:
    return int(reference()["sample"])
