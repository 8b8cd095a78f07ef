"""The rooms of the house, from the lowest up. Whatever else the house knows of them, each says in its ``room.py``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from minqing.core.room import Room, Sample, TableIntake

ROOMS: Final = (
    "minqing.core",
    "minqing.web",
    "minqing.journal",
    "minqing.privacy",
    "minqing.worktime",
    "minqing.files",
    "minqing.notify",
    "minqing.documents",
    "minqing.intake",
    "minqing.org",
    "minqing.listing",
    "minqing.audit",
    "minqing.administration",
    "minqing.deadlines",
    "minqing.exports",
    "minqing.localnames",
    "minqing.sync",
    "minqing.households",
    "minqing.doorstep",
    "minqing.rights",
    "minqing.matters",
    "minqing.hazards",
    "minqing.oversight",
    "minqing.routing",
    "minqing.publications",
    "minqing.reporting",
    "minqing.points",
    "minqing.earning",
    "minqing.activities",
    "minqing.redeeming",
    "minqing.bookings",
    "minqing.machines",
    "minqing.visits",
    "minqing.partners",
    "minqing.desk",
    "minqing.open311",
    "minqing.demo",
)


@cache
def rooms() -> tuple[Room, ...]:
    """What they declare, once Django's apps are loaded; rooms that only others build on declare nothing."""
    modules = [f"{name}.room" for name in ROOMS if name != "minqing.core" and find_spec(f"{name}.room")]
    return tuple(import_module(one).ROOM for one in modules)


def table_intake() -> TableIntake:
    """How tables come in, which one room brings."""
    (brought,) = (room.takes_tables for room in rooms() if room.takes_tables)
    return brought


def sample() -> Sample:
    """The made-up county, which one room brings."""
    (brought,) = (room.sample for room in rooms() if room.sample)
    return brought
