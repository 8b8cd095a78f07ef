"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import QUEUE

TOLD_BY = {
    "config.worker_card.bury": QUEUE,
}

OF_OTHERS = {"tests/config/test_rooms.py"}
