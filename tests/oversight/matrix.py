"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.oversight.views import DECIDERS
from tests.architecture.matrix import Line, beside, matter

LINES = {
    "oversight:ask": Line(DECIDERS, at=beside(matter, "note")),
}
BY_OTHER_WAYS = {
    "oversight:ask": "where something waits for a decision",
}
