"""What waits for somebody in all rooms, drawn in one place of the own pages."""

from __future__ import annotations

from datetime import datetime

from minqing.org.access import PageRequest
from minqing.web.pieces import Ask
from minqing.web.slots import drawn, given


def waiting(request: PageRequest, now: datetime) -> str:
    """What waits for this person in rooms that have no section of their own: first what is due first."""
    rows = sorted(given("desk.waiting", request, now), key=lambda one: (one.due_at is None, one.due_at or now))
    return drawn(request, "desk/parts/waiting.html", {"rows": rows}) if rows else ""


def asks(request: PageRequest, now: datetime) -> str:
    """What waits for a decision of this person, to be decided there and then."""
    found = asked_of(request, now)
    return drawn(request, "desk/parts/asks.html", {"asks": found}) if found else ""


def asked_of(request: PageRequest, now: datetime) -> list[Ask]:
    """Of all rooms, first what is due first."""
    return sorted(given("desk.asks", request, now), key=lambda one: (one.due_at is None, one.due_at or now))
