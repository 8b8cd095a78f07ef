"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Listener, Room
from minqing.journal.checks import events_parked, sealed
from minqing.journal.deeds import DEEDS
from minqing.journal.subscriptions import subscribe


def follow(listener: Listener) -> None:
    subscribe(listener.name, listener.types, listener.heard)


ROOM = Room(name="journal", checks=(sealed, events_parked), gathers={"listeners": follow}, deeds=DEEDS)
