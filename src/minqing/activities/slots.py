"""What this room adds to pages of other rooms."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.activities.enums import SignUpState
from minqing.activities.queries.activities import held_in
from minqing.activities.queries.door import shown_at_door
from minqing.core import clock
from minqing.doorstep.access.known import AtHome
from minqing.doorstep.queries import Door
from minqing.org.access import PageRequest
from minqing.points.kinds import Lines, Sheet
from minqing.web.pieces import Button
from minqing.web.slots import drawn


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("Village activities"), reverse("activities:door", args=[door.token]), "calendar")]


def at_points(request: HttpRequest, about: tuple[AtHome, Sequence[object]]) -> str:
    """What somebody has signed up for and is to come, and what was cancelled; and the way to all."""
    known, _purses = about
    coming, _past = shown_at_door(known.door.area_id, known.resident, now=clock.now())
    mine = [one for one in coming if one.place in {SignUpState.IN, SignUpState.WAITING, SignUpState.CAME}]
    return drawn(request, "activities/parts/own.html", {"token": known.door.token, "mine": mine, "on": len(coming)})


def on_sheet(_request: PageRequest, sheet: Sheet) -> list[Lines]:
    """For the wall of a village: what its people did together."""
    rows = [
        {
            "day": f"{clock.local_date(one.starts_at):%m-%d}",
            "title": one.title,
            "place": one.place,
            "people": str(room.came),
        }
        for one, room in held_in(sheet.areas, sheet.since, sheet.until)
    ]
    return [Lines("activities", rows)]
