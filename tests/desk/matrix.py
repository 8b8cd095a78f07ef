"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.org.enums import OVERSIGHT, Role
from tests.architecture.matrix import EVERYONE, Line

LINES = {
    # who looks at figures begins with figures
    "desk:today": Line(EVERYONE, but={"leader": 302, "analyst": 302, "operator": 302}),
    "desk:leader": Line(OVERSIGHT),
    # there is no search where no room finds anything
    "desk:find": Line(EVERYONE, but=dict.fromkeys(("liaison", "volunteer", "auditor", "operator"), 404)),
    "desk:operator": Line({Role.OPERATOR}),
    "desk:setup": Line({Role.OPERATOR}),
    "desk:look": Line({Role.OPERATOR}, post=True),
}
UNPAIRED = {
    "desk.services.look_over": "the job, which is tried in tests/desk/test_pairs_jobs.py",
    "desk.services.keep_findings": "the job, which is tried in tests/desk/test_pairs_jobs.py",
}
INSIDE = {"desk.services.keep_findings", "desk.services.look_over"}
UNSEEN = {"desk:look": "asks a job to look, which changes nothing"}

OF_OTHERS = {"tests/desk/test_leader.py::test_the_figures_are_those_of_the_county"}
