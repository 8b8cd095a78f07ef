"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from minqing.hazards.enums import Severity
from minqing.hazards.forms.filters import NOT_CLOSED
from minqing.hazards.queries import QUEUES, open_of_household, sums_of
from minqing.hazards.rules import may_find
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.web.overview import Overview, Scope
from minqing.web.pieces import Stat, link
from minqing.web.slots import drawn


def on_rail(request: PageRequest, _now: datetime) -> str:
    """How many hazards are open, how many of them wait for this person, and how many are late."""
    counts = QUEUES.counts(request.actor)
    if not counts["open"]:
        return ""
    pages = {name: link("hazards:list", queue=name) for name in ("open", "overdue")}
    return drawn(request, "hazards/parts/on_rail.html", {"counts": counts, "pages": pages})


def on_leader(_request: PageRequest, scope: Scope) -> list[Overview]:
    """What is dangerous in the place at present, how grave, and what of it is late; by place, never by person."""
    n = sums_of(scope.actor, scope.area_id, scope.now)
    if not n["open"] and not n["closed"]:
        return []
    return [
        Overview(
            [
                Stat(_("Hazards not closed yet"), n["open"], url=scope.link("hazards:list", state=NOT_CLOSED)),
                Stat(
                    _("Major ones of them"),
                    n["major"],
                    url=scope.link("hazards:list", state=NOT_CLOSED, severity=Severity.MAJOR),
                ),
                Stat(_("Overdue"), n["overdue"], url=scope.link("hazards:list", queue="overdue")),
            ],
            title=_("Hazards"),
        )
    ]


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """What is dangerous at this household, and the way to report something."""
    rows = open_of_household(request.actor, household.pk)
    may = may_find(request.actor, household.area_id)
    context = {"household": household, "rows": rows, "may_find": may}
    return drawn(request, "hazards/parts/on_file.html", context) if rows or may else ""
