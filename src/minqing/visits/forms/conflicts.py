"""The buttons that say which of two values is right, and whether a promise was kept."""

from __future__ import annotations

from typing import Any

from minqing.visits.models import FileConflict, Promise
from minqing.web.forms import Press


def decide_press(conflict: FileConflict, stands: str | None, data: Any = None) -> Press:
    """Pressed on what stood on file: something else by now is another question."""
    return Press(f"conflict:{conflict.pk}", f"{conflict.decided_at or ''}|{stands}", data=data)


def settle_press(promise: Promise, data: Any = None) -> Press:
    return Press(f"promise:{promise.pk}", str(promise.settled_at or ""), data=data)
