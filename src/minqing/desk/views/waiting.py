"""What waits for somebody in all rooms, drawn in one place of the own pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from minqing.listing.worklist import awaited, first_of_all
from minqing.org.access import PageRequest
from minqing.org.enums import DESK, FIELD
from minqing.web.pieces import Ask, Row
from minqing.web.slots import drawn, given

SHOWN = 8


class Urgency(NamedTuple):
    """What waits and is equally urgent: the first lines of it, and those behind "more"."""

    kind: str
    label: str
    rows: Sequence[Row]

    @property
    def shown(self) -> Sequence[Row]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> Sequence[Row]:
        return self.rows[SHOWN:]


def waiting(request: PageRequest, now: datetime) -> str:
    """What this person decides there and then, and all else that waits for them by how urgent it is."""
    asks = asked_of(request, now)
    html = drawn(request, "desk/parts/asks.html", {"asks": asks}) if asks else ""
    html += by_urgency(request, now, asks)
    if not html and request.actor.has(*FIELD, *DESK):
        html = drawn(request, "desk/parts/nothing.html", {})
    if told := awaited(request):
        html += drawn(request, "listing/parts/awaited.html", {"awaited": told})
    return mark_safe(html)  # noqa: S308  # templates have made it


def by_urgency(request: PageRequest, now: datetime, asks: Sequence[Ask]) -> str:
    """What waits in all rooms but for what is decided at once in ``asks``."""
    decided_here = {one.url.partition("?")[0] for one in asks}
    found = first_of_all(request, now, others=given("desk.waiting", request, now))
    groups = grouped([row for row in found if row.url.partition("?")[0] not in decided_here])
    return drawn(request, "desk/parts/waiting.html", {"groups": groups}) if groups else ""


def asked_of(request: PageRequest, now: datetime) -> list[Ask]:
    """What waits for a decision, of all rooms, first what is due first."""
    return sorted(given("desk.asks", request, now), key=lambda one: (one.due_at is None, one.due_at or now))


def grouped(rows: Sequence[Row]) -> list[Urgency]:
    """Late, due today, and all the rest; a group that is empty is not there."""
    late = [row for row in rows if row.due and row.due.kind == "late"]
    today = [row for row in rows if row.due and row.due.kind == "today"]
    rest = [row for row in rows if row not in late and row not in today]
    groups = [Urgency("late", _("Late already"), late), Urgency("today", _("Today"), today)]
    return [one for one in [*groups, Urgency("rest", _("The next days"), rest)] if one.rows]
