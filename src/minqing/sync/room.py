"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room
from minqing.sync import kinds
from minqing.sync.deeds import DEEDS

ROOM = Room(
    name="sync",
    pages=(Mount("sync/", "minqing.sync.urls"),),
    deeds=DEEDS,
    gathers={"operations": kinds.register_operation, "feeds": kinds.register_feed},
)
