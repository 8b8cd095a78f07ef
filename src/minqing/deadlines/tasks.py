"""What happens to deadlines of every room when time passes and nobody does anything."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.deadlines.services import escalate_due, reckon_clocks, remind_due, resume_due
from minqing.org.queries import system_actor


@app.periodic(cron="*/5 * * * *", periodic_id="deadlines.ladder")
@app.task(name="deadlines.ladder", queueing_lock="deadlines.ladder", pass_context=False)
def ladder(timestamp: int) -> int:
    """Take up what has waited long enough, remind of what is nearly due, carry up what is overdue. Returns how many."""
    done = resume_due(by=system_actor("deadlines.resume")) + remind_due(by=system_actor("deadlines.remind"))
    return done + escalate_due(by=system_actor("deadlines.ladder"))


# one that waits is enough, and never two at a time
@app.task(name="deadlines.reckon", queueing_lock="deadlines.reckon", lock="deadlines.reckon", pass_context=False)
def reckon() -> int:
    """After a change of working days, hours or terms, see ``listeners.py``. Returns how many deadlines moved."""
    return reckon_clocks(by=system_actor("deadlines.reckon")).moved
