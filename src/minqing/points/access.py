"""Who of a household is at the door: known by what they have shown, for as long as their phone keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from minqing.core.actor import Actor
from minqing.doorstep.queries import Door, door_of
from minqing.org.queries import system_actor
from minqing.points.codes import COOKIE, resident_of
from minqing.points.queries.people import name_at_home
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the household behind this door who has shown who they are."""

    door: Door
    resident: UUID
    name: str


@contextmanager
def at_door() -> Iterator[Actor]:
    """Read for whoever stands at a door; what is asked for must name their household."""
    with acting_as(system_actor("points.door")) as actor:
        yield actor


def known_at(request: HttpRequest, token: str) -> Known | Door | None:
    """The one who is known there; else the door alone; None where there is none."""
    door = door_of(token)
    if door is None:
        return None
    resident = resident_of(request.COOKIES.get(COOKIE, ""), door.household_id)
    if resident is None:
        return door
    with at_door() as actor:
        name = name_at_home(actor, door.household_id, resident)
    return Known(door, resident, name) if name else door
