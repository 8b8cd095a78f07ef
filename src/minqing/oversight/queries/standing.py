"""What is open and late, now and when the period began, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Min, Value, When

from minqing.core.clock import midnight
from minqing.core.days import DAY
from minqing.matters.enums import OPEN, State
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import MOVED, UNMOVED, unmoved
from minqing.matters.queries.performance import with_since
from minqing.matters.queries.then import stock, touched_since
from minqing.oversight.queries.periods import matters_of
from minqing.web.overview import Scope

OPEN_STATES: Final = sorted(OPEN)


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


@dataclass(frozen=True)
class Stage:
    """What stands in one place of the way: how many, how many overdue, the longest how many days."""

    state: State
    unmoved: bool
    number: int
    red: int
    days: int


def stages(scope: Scope) -> list[Stage]:
    """All that is open, by where it stands, in the order of the way: one statement. What is empty is there too."""
    quiet = Case(When(unmoved(scope.now), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows: Any = (
        with_since(matters_of(scope).filter(state__in=OPEN_STATES))
        .annotate(quiet=quiet)
        .values("state", "quiet")
        .annotate(number=Count("id"), red=Count("id", filter=overdue_at(scope.now)), since=Min("there_since"))
    )
    found = {(row["state"], row["quiet"]): row for row in rows}
    places = [(state, quiet) for state in State if state in OPEN for quiet in both(state)]
    return [stage(state, quiet, found.get((state.value, quiet)), scope.now) for state, quiet in places]


def both(state: State) -> tuple[bool, ...]:
    """Only what a unit has in hand may lie still."""
    return (True, False) if state is State.ACCEPTED else (False,)


def stage(state: State, quiet: bool, row: dict[str, Any] | None, now: datetime) -> Stage:
    if row is None:
        return Stage(state, quiet, 0, 0, 0)
    return Stage(state, quiet, row["number"], row["red"], (now - row["since"]) // DAY)


def filter_of(one: Stage) -> dict[str, str]:
    """The filter of the list that shows these rows."""
    if one.state is State.ACCEPTED:
        return {"figure": UNMOVED if one.unmoved else MOVED}
    return {"state": one.state.value}
