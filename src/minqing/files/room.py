"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.files.deeds import DEEDS
from minqing.files.subjects import SUBJECTS

ROOM = Room(name="files", subjects=SUBJECTS, deeds=DEEDS)
