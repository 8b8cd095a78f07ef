"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from minqing.core import clock
from minqing.org.access import PageRequest, page
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.web.slots import parts


@page()
def today(request: PageRequest) -> HttpResponse:
    """What waits for this person: each room adds its own. Who neither walks nor handles finds where to go."""
    actor = request.actor
    if actor.has(*OVERSIGHT):
        return redirect("desk:leader")
    if actor.has(Role.OPERATOR):
        return redirect("desk:operator")
    now = clock.now()
    context: dict[str, object] = {
        "day": clock.local_date(now),
        "sections": parts("desk.today", request, now),
        "rail": parts("desk.rail", request, now),
        "lead_on": not actor.has(*FIELD, *DESK),
    }
    return render(request, "desk/today.html", context)
