"""The button that closes a device."""

from __future__ import annotations

from typing import Any

from minqing.sync.models import Device
from minqing.web.forms import Press


def revoke_press(device: Device, data: Any = None) -> Press:
    return Press(f"device:{device.pk}", str(device.revoked_at or ""), data=data)
