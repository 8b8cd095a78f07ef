"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room
from minqing.listing import kinds
from minqing.listing.subjects import SUBJECTS

ROOM = Room(
    name="listing",
    pages=(Mount("matters/lists/", "minqing.listing.urls"),),
    subjects=SUBJECTS,
    gathers={"lists": kinds.register, "bulks": kinds.register_bulk},
)
