"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room
from minqing.journal.checks import events_parked, sealed

ROOM = Room(name="journal", checks=(sealed, events_parked))
