"""What the rooms declare, brought to those rooms below that work with it: each says what it gathers of all."""

from __future__ import annotations

from collections.abc import Iterable

from minqing.config.rooms import rooms
from minqing.core.room import Room


def register() -> None:
    """Called once in every process, when Django's apps are loaded."""
    gathering = [(field, take) for room in rooms() for field, take in room.gathers.items()]
    for room in rooms():
        for hooked in room.hooks:
            hooked.hook.register(hooked.function)
        for field, take in gathering:
            for one in things(room, field):
                take(one)


def things(room: Room, field: str) -> Iterable[object]:
    """What a room brings of a kind: several, one, or nothing."""
    brought = getattr(room, field)
    if brought is None:
        return ()
    return brought if isinstance(brought, tuple) else (brought,)
