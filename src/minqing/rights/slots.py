"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.queries import Door
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.rights.queries import QUEUES, open_of_household
from minqing.rights.rules import may_take_in
from minqing.web.pieces import Button, link
from minqing.web.slots import drawn


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("About my data"), reverse("rights:ask", args=[door.token]), "shield-lock")]


def on_rail(request: PageRequest, _now: datetime) -> str:
    """How many requests of the village are open, and how many of them wait for this person."""
    counts = QUEUES.counts(request.actor)
    if not counts["open"]:
        return ""
    context = {"open": counts["open"], "turn": counts["turn"], "address": link("rights:list", queue="open")}
    return drawn(request, "rights/parts/on_rail.html", context)


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """What somebody of the household asked for and waits for, and the way to ask."""
    context = {
        "household": household,
        "open": open_of_household(request.actor, household.pk),
        "may_ask": may_take_in(request.actor, household.area_id),
    }
    return drawn(request, "rights/parts/on_file.html", context) if context["open"] or context["may_ask"] else ""
