"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Programs, Room
from minqing.web import gallery, programs, slots

ROOM = Room(
    name="web",
    pages=(Mount("design/", gallery.patterns),),
    # the API of all rooms lies there (config/api.py)
    programs=(Programs("/api/"),),
    slots=("web.top",),
    gathers={"parts": slots.register, "programs": programs.PROGRAMS.register},
)
