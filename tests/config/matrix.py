"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import QUEUE, RUNS_ALONE

TOLD_BY = {
    "config.worker_card.bury": QUEUE,
    "config.restored.opened": "no event: in a county out of a backup that is thrown away once it was looked into",
}
LOCKED = {"config.restored.opened": RUNS_ALONE}

OF_OTHERS = {"tests/config/test_rooms.py"}
