"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Listener, Room
from minqing.points.checks import kept
from minqing.points.deeds import DEEDS
from minqing.points.listeners import household_moved
from minqing.points.subjects import SUBJECTS

ROOM = Room(
    name="points",
    listeners=(Listener("points-follow-households", ("households.household.updated",), household_moved),),
    checks=(kept,),
    subjects=SUBJECTS,
    deeds=DEEDS,
)
