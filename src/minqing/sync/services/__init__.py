"""Writes of what devices hand in and hold."""

from minqing.sync.services.devices import register_device, revoke_device
from minqing.sync.services.exchange import exchange
from minqing.sync.services.letters import decide_letters, empty_refused, follow_letters, keep_letters
from minqing.sync.services.photos import (
    drop_old_pieces,
    forget_photos,
    give_up_old_photos,
    move_photos,
    take_piece,
)
from minqing.sync.services.reminders import remind_of_letters

__all__ = [
    "decide_letters",
    "drop_old_pieces",
    "empty_refused",
    "exchange",
    "follow_letters",
    "forget_photos",
    "give_up_old_photos",
    "keep_letters",
    "move_photos",
    "register_device",
    "remind_of_letters",
    "revoke_device",
    "take_piece",
]
