"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.queries import Door
from minqing.org.access import PageRequest
from minqing.rights.models import Request
from minqing.rights.queries import dues, open_of_household, waiting_for
from minqing.rights.rules import NAMES, may_take_in
from minqing.web.pieces import Button, Due, Row
from minqing.web.slots import drawn


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("About my data"), reverse("rights:ask", args=[door.token]), "shield-lock")]


def waiting(request: PageRequest, now: datetime) -> list[Row]:
    """Requests at which this person may do something now."""
    named = request.actor.has(*NAMES)
    told = dues(now)
    return [row_of(one, told(one), named=named) for one in waiting_for(request.actor)]


def row_of(one: Request, due: Due | None, *, named: bool) -> Row:
    title = " · ".join(filter(None, [one.kind_label, one.name if named else ""]))
    url = reverse("rights:detail", args=[one.pk])
    return Row(title, url, one.due_at, due, (one.state_label, one.number, one.area.name))


def on_file(request: PageRequest, household: Any) -> str:
    """What somebody of the household asked for and waits for, and the way to ask."""
    context = {
        "household": household,
        "open": open_of_household(request.actor, household.pk),
        "may_ask": may_take_in(request.actor, household.area_id),
    }
    return drawn(request, "rights/parts/on_file.html", context) if context["open"] or context["may_ask"] else ""
