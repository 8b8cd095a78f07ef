"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from minqing.households.views.finding import found_by
from minqing.org.access import PageRequest
from minqing.org.enums import DESK
from minqing.web.slots import drawn


def on_today(request: PageRequest, _now: datetime) -> str:
    """The way to a household, by what one types and by its code."""
    return drawn(request, "households/parts/today.html", {"at_desk": request.actor.has(*DESK)})


def on_find(request: PageRequest, _typed: str) -> str:
    """The households among what the whole house finds."""
    context = found_by(request)
    if context["kind"] == "nothing" or not (context.get("ask_why") or context["found"].rows):
        return ""
    return drawn(request, "households/parts/found.html", context)
