"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.documents import kinds
from minqing.documents.deeds import DEEDS

ROOM = Room(name="documents", gathers={"sheets": kinds.SHEETS.register}, deeds=DEEDS)
