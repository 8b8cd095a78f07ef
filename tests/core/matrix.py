"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import ONE_ROW, TELLER

TOLD_BY = {
    "core.cache_version.versioned": "no event: that a small table has changed, whose change is told",
    "core.bulk_insert.layout": TELLER,
}
LOCKED = {
    "core.timekeeping.note_time": ONE_ROW,
    "core.timekeeping.believe_clock": ONE_ROW,
}
