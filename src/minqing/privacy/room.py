"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.privacy import subjects
from minqing.privacy.checks import rights
from minqing.privacy.deeds import DEEDS
from minqing.privacy.withholding import SUBJECTS

ROOM = Room(
    name="privacy", checks=(rights,), subjects=SUBJECTS, gathers={"subjects": subjects.ROOMS.register}, deeds=DEEDS
)
