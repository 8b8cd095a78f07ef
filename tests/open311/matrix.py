"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import PROVED_IN

UNPAIRED = {
    "open311.services.file_request": PROVED_IN + "tests/open311/test_posting.py",
    "open311.services.file_update": PROVED_IN + "tests/open311/test_posting.py",
}
OTHERWISE = {
    "minqing.open311.services.come_along": "part of the update's one send",
    "minqing.open311.services.speak": "one send, whichever move it is",
}
EXEMPT_SPACES = {"open311": "for other software, by key and not by role, with a gate of its own: tests/open311"}
BY_TOKEN = {"open311.services.file_request", "open311.services.file_update"}
