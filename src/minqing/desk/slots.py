"""What this room adds to its own pages: things of all rooms, drawn in one place."""

from __future__ import annotations

from datetime import datetime

from minqing.org.access import PageRequest
from minqing.web.slots import drawn, given


def waiting(request: PageRequest, now: datetime) -> str:
    """What waits for this person in rooms that have no section of their own: first what is due first."""
    rows = sorted(given("desk.waiting", request, now), key=lambda one: (one.due_at is None, one.due_at or now))
    return drawn(request, "desk/parts/waiting.html", {"rows": rows}) if rows else ""
