"""What this room adds to pages of other rooms."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.queries import Door
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.points.queries.people import holders_at
from minqing.web.pieces import Button
from minqing.web.slots import drawn


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("My points"), reverse("points:own", args=[door.token]), "gift")]


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """The accounts of a household and its people, each with the way to what came and went."""
    holders = holders_at(request.actor, household.pk)
    return drawn(request, "points/parts/on_file.html", {"holders": holders, "household": household}) if holders else ""
