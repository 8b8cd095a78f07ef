"""What this room adds to the pages of the door."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Way
from minqing.doorstep.queries import Door
from minqing.web.pieces import Button
from minqing.web.slots import drawn


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [
        Button(_("Report something"), reverse("reporting:report", args=[door.token]), "pencil-square", main=True),
        Button(_("Follow a matter"), reverse("reporting:find"), "search", main=True),
    ]


def home(_request: HttpRequest, kwargs: Mapping[str, object]) -> list[Way]:
    """Where the reporter of a matter goes on, or somebody with a number and a code."""
    if ticket := kwargs.get("ticket"):
        return [Way(_("See how it goes"), reverse("reporting:follow", args=[ticket]))]
    return [Way(_("Follow a matter"), reverse("reporting:find"))]


def mine(request: HttpRequest, _about: object) -> str:
    """What was reported on this phone: a frame that its own memory fills, so that a stranger sees nothing."""
    return drawn(request, "reporting/parts/mine.html", {})


def not_lost(request: HttpRequest, _about: object) -> str:
    """On the page of a code that is not valid the way to what was reported by it."""
    return drawn(request, "reporting/parts/not_lost.html", {})
