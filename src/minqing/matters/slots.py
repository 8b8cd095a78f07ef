"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from minqing.households.protocols import HouseholdLike
from minqing.matters.enums import OPEN
from minqing.matters.lists import found_rows
from minqing.matters.queries import of_household, with_dues
from minqing.matters.queries.today import queue_figures
from minqing.org.access import PageRequest
from minqing.web.slots import drawn

MOST_OF_HOUSEHOLD = 10
MOST_FOUND = 10


def on_rail(request: PageRequest, now: datetime) -> str:
    """How the work of the actor's units stands, beside what waits."""
    figures = queue_figures(request.actor, now)
    # those who have nothing in hand need not read four times that it is nothing
    return drawn(request, "matters/parts/rail.html", {"figures": figures}) if any(one.value for one in figures) else ""


def on_find(request: PageRequest, typed: str) -> str:
    """The matters among what the whole house finds."""
    rows = found_rows(request, typed, MOST_FOUND)
    context = {"rows": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND, "typed": typed}
    return drawn(request, "matters/parts/found.html", context) if rows else ""


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """The household's open matters."""
    matters = with_dues(of_household(request.actor, household.pk).filter(state__in=OPEN)[:MOST_OF_HOUSEHOLD])
    return drawn(request, "matters/parts/of_household.html", {"matters": matters})
