"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.privacy import subjects
from minqing.privacy.checks import rights

ROOM = Room(name="privacy", checks=(rights,), gathers={"subjects": subjects.register})
