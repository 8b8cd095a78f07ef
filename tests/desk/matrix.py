"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org.enums import OVERSIGHT
from tests.architecture.matrix import EVERYONE, Line

LINES = {
    # who looks at figures begins with figures
    "desk:today": Line(EVERYONE, but={"leader": 302, "analyst": 302}),
    "desk:leader": Line(OVERSIGHT),
}
