"""What the doctor looks at of deadlines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import MOST_NAMED, Finding
from minqing.deadlines.books import UPKEEPS
from minqing.deadlines.queries import overlooked
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as


def left_standing() -> Finding:
    """What the job has not taken up or carried up."""
    with transaction_as(system_actor("minqing doctor")):
        numbers = [number for one in UPKEEPS for number in overlooked(one, clock.now())]
    return Finding(
        _("deadlines passed over"),
        not numbers,
        f"{len(numbers)}: {', '.join(numbers[:MOST_NAMED])}" if numbers else _("none"),
        _(
            "These should have been resumed or escalated by themselves an hour ago. Open one and look in the log for "
            "its number; until it is mended, somebody resumes or assigns it by hand."
        ),
    )
