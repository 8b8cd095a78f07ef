"""Writes of what devices hand in and hold."""

from minqing.sync.services.devices import register_device, revoke_device
from minqing.sync.services.exchange import exchange

__all__ = ["exchange", "register_device", "revoke_device"]
