"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org.enums import DESK, OVERSIGHT
from minqing.oversight.views import DECIDERS
from tests.architecture.matrix import Line, beside, matter

OTHERS = ("clerk", "handler", "unit_head", "village_secretary", "leader")
LINES = {
    # they take out other lists
    "oversight:export": Line(DESK | OVERSIGHT, but=dict.fromkeys(OTHERS, 403)),
    "oversight:ask": Line(DECIDERS, at=beside(matter, "note")),
}
BY_OTHER_WAYS = {
    "oversight:ask": "where something waits for a decision",
}

OF_OTHERS = {
    "tests/oversight/test_kinds.py::test_the_page_takes_as_many_queries_with_three_rows_as_with_one",
}
