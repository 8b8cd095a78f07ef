"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Part, Room
from minqing.oversight import slots

ROOM = Room(
    name="oversight",
    parts=(Part("desk.leader", slots.on_leader, rank=10),),
)
