"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room

ROOM = Room(
    name="doorstep",
    pages=(Mount("", "minqing.doorstep.urls"),),
    slots=("doorstep.before", "doorstep.door", "doorstep.foot", "doorstep.home", "doorstep.unknown"),
    demo="minqing.doorstep.demo.Doors",
)
