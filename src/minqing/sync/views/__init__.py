"""Pages of this room: what devices exchange with, the page of devices, what is handed in sealed."""

from __future__ import annotations

from minqing.sync.views.devices import devices, exchange, photo, register, revoke
from minqing.sync.views.letters import drop, letters, of_device

__all__ = ["devices", "drop", "exchange", "letters", "of_device", "photo", "register", "revoke"]
