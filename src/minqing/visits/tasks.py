"""Jobs of visits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.org.queries import system_actor
from minqing.visits.services import count_stale_visit_days


# one that waits is enough, and never two at a time
@app.task(name="visits.days", queueing_lock="visits.days", lock="visits.days", pass_context=False)
def count_days() -> int:
    """After visits were recorded, see ``visits/listeners.py``. Returns how many days were counted."""
    return count_stale_visit_days(by=system_actor("visits.days"))
