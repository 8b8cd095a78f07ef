"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.listing import kinds

ROOM = Room(name="listing", gathers={"lists": kinds.register, "bulks": kinds.register_bulk})
