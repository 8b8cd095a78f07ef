"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from minqing.core import clock
from minqing.households.queries import sensitive_to_review, tags_to_review
from minqing.households.views.finding import found_by
from minqing.org.access import PageRequest
from minqing.org.enums import DESK
from minqing.web.slots import drawn

# days before a tag runs out, and how many stand on the first page
SOON: Final = 30
SHOWN: Final = 5


def on_today(request: PageRequest, _now: datetime) -> str:
    """The way to a household, by what one types and by its code."""
    return drawn(request, "households/parts/today.html", {"at_desk": request.actor.has(*DESK)})


def tags_due(request: PageRequest, now: datetime) -> str:
    """Tags of the village that run out soon: somebody has to look whether the need is still there.

    Who has a sensitive one stands in the list alone, which tells the journal who looked.
    """
    until = clock.local_date(now) + timedelta(days=SOON)
    running, sensitive = tags_to_review(request.actor, until), sensitive_to_review(request.actor, until)
    due = list(running[:SHOWN])
    number = running.count() if len(due) == SHOWN else len(due)
    context = {"due": due, "sensitive": sensitive, "number": number + sum(n for *_tag, n in sensitive), "days": SOON}
    return drawn(request, "households/parts/tags_due.html", context) if due or sensitive else ""


def on_find(request: PageRequest, _typed: str) -> str:
    """The households among what the whole house finds."""
    context = found_by(request)
    if context["kind"] == "nothing" or not (context.get("ask_why") or context["found"].rows):
        return ""
    return drawn(request, "households/parts/found.html", context)
