"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from minqing.org.access import PageRequest
from minqing.web.slots import drawn


def on_today(request: PageRequest, _now: datetime) -> str:
    """The way to a household, by what one types and by its code."""
    return drawn(request, "households/parts/today.html", {})
