"""The door from which residents report and follow."""

from __future__ import annotations

from tests.doorstep.conftest import door, media

__all__ = ["door", "media"]
