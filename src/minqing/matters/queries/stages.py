"""Where what is not answered yet stands, in one set of words for the wall and for a leader's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Min, QuerySet, Value, When
from django.utils.translation import gettext as _

from minqing.core.days import DAY
from minqing.matters.enums import OPEN, State
from minqing.matters.models import Matter
from minqing.matters.models.naming import state_word
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import MOVED, UNMOVED, unmoved
from minqing.matters.queries.performance import with_since

OPEN_STATES: Final = sorted(OPEN)


@dataclass(frozen=True)
class Stage:
    """What stands in one place of the way: how many, how many overdue, the longest how many days."""

    state: State
    unmoved: bool
    number: int
    red: int
    days: int

    @property
    def name(self) -> str:
        words = {State.RECEIVED: _("To be assigned"), State.ASSIGNED: _("To be accepted")}
        return _("In hand, nothing told") if self.unmoved else words.get(self.state) or state_word(self.state)

    @property
    def filter(self) -> dict[str, str]:
        """Of the list that shows these rows."""
        if self.state is State.ACCEPTED:
            return {"figure": UNMOVED if self.unmoved else MOVED}
        return {"state": self.state.value}


def stages(matters: QuerySet[Matter], now: datetime) -> list[Stage]:
    """All that is open, by where it stands, in the order of the way: one statement. What is empty is there too."""
    quiet = Case(When(unmoved(now), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows: Any = (
        with_since(matters.filter(state__in=OPEN_STATES))
        .annotate(quiet=quiet)
        .values("state", "quiet")
        .annotate(number=Count("id"), red=Count("id", filter=overdue_at(now)), since=Min("there_since"))
    )
    found = {(row["state"], row["quiet"]): row for row in rows}
    places = [(state, quiet) for state in State if state in OPEN for quiet in both(state)]
    return [stage(state, quiet, found.get((state.value, quiet)), now) for state, quiet in places]


def both(state: State) -> tuple[bool, ...]:
    """Only what a unit has in hand may lie still."""
    return (True, False) if state is State.ACCEPTED else (False,)


def stage(state: State, quiet: bool, row: dict[str, Any] | None, now: datetime) -> Stage:
    if row is None:
        return Stage(state, quiet, 0, 0, 0)
    return Stage(state, quiet, row["number"], row["red"], (now - row["since"]) // DAY)
