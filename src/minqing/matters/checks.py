"""What the doctor looks at of matters."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from minqing.core import clock, leakproof
from minqing.core.health import MOST_NAMED, Finding
from minqing.matters.queries.stuck import stuck_matters
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as


def search() -> Finding:
    """Behind the wall the index of words is used only once the superuser has said that matching gives nothing away."""
    by_index = leakproof.searches_by_index(connection)
    return Finding(
        _("search of matters"),
        by_index,
        _("by its index") if by_index else _("reads every matter; with a million of them each search takes seconds"),
        _("As superuser in this database: {statement}; (why it is safe: docs/decisions/0010)").format(
            statement=leakproof.STATEMENT
        ),
    )


def matters_left() -> Finding:
    with transaction_as(system_actor("minqing doctor")):
        numbers = stuck_matters(clock.now())
    return Finding(
        _("matters left as they are"), not numbers,
        f"{len(numbers)}: {', '.join(numbers[:MOST_NAMED])}" if numbers else _("none"),
        _("These matters should have been resumed or escalated by themselves an hour ago. Open one and look in the log "
          "for its number; until it is mended, a clerk resumes or assigns it by hand."),
    )  # fmt: skip
