"""The first page after signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

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
    now = clock.now()
    context: dict[str, Any] = {
        "day": clock.local_date(now),
        "sections": parts("desk.today", request, now),
        "lead_on": not actor.has(*FIELD, *DESK),
    }
    if actor.has(Role.OPERATOR):
        administration = {"label": _("Areas, units, accounts and posts"), "url": reverse("admin:index"), "icon": "gear"}
        context["links"] = [administration]
    return render(request, "desk/today.html", context)
