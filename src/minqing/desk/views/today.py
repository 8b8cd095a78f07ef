"""The first page after signing in, and to whom somebody turns for whose work there are few pages as yet."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render

from minqing.core import clock
from minqing.org.access import PageRequest, page
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.org.queries import backstop_unit
from minqing.web.slots import drawn, parts

# their own rooms are still to come
WAITING: Final = frozenset({Role.LIAISON, Role.VOLUNTEER})


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


def contact(request: PageRequest, _now: datetime) -> str:
    """The office of the place, with its telephone: it takes in what these posts cannot."""
    area = request.post.area_id if request.post else None
    office = backstop_unit(area) if area else None
    context = {"office": office, "liaison": request.actor.has(Role.LIAISON)}
    return drawn(request, "desk/parts/contact.html", context)
