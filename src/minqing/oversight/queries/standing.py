"""What is open and late, now and when the period began."""

from __future__ import annotations

from dataclasses import dataclass

from minqing.core.clock import midnight
from minqing.matters.queries.then import stock, touched_since
from minqing.oversight.queries.periods import matters_of
from minqing.web.overview import Scope


@dataclass(frozen=True)
class Standing:
    """How many were open and overdue, now and as the period began."""

    open: int
    overdue: int
    open_before: int
    overdue_before: int


def standing(scope: Scope) -> Standing:
    """One statement."""
    then = midnight(scope.since)
    return Standing(**matters_of(scope).filter(touched_since(then)).aggregate(**stock(scope.now, then)))
