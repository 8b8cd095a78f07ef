"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

WALLESS = {"privacy_withheld": "asked before a message goes, for whoever it is; holds keyed marks and no number"}
