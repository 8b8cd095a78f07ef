"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Programs, Room
from minqing.open311.access import failed_outside

ROOM = Room(
    name="open311",
    pages=(Mount("open311/", "minqing.open311.urls"),),
    # the standard's rule, and its own form of errors
    programs=(Programs("/open311/", failed=failed_outside, utf_8=True),),
)
