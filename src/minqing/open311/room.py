"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room

ROOM = Room(
    name="open311",
    pages=(Mount("open311/", "minqing.open311.urls"),),
)
