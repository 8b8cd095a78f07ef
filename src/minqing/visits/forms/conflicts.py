"""The buttons that say which of two values is right."""

from __future__ import annotations

from typing import Any

from minqing.visits.models import FileConflict
from minqing.web.forms import Press


def decide_press(conflict: FileConflict, stands: str | None, data: Any = None) -> Press:
    """Pressed on what stood on file: something else by now is another question."""
    return Press(f"conflict:{conflict.pk}", f"{conflict.decided_at or ''}|{stands}", data=data)
