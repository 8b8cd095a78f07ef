"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room
from minqing.notify.urls import patterns

ROOM = Room(
    name="notify",
    pages=(Mount("notices/", patterns),),
)
