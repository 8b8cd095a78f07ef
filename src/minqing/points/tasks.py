"""What the ledger does as time passes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.org.queries import system_actor
from minqing.points.services import fold_busy, sweep_lapsed


@app.periodic(cron="* * * * *", periodic_id="points.tidy")
@app.task(name="points.tidy", queueing_lock="points.tidy", pass_context=False)
def tidy(timestamp: int) -> int:
    """Fold what was appended to busy accounts, end holds and points whose time is over. Returns how many.

    Nothing waits for it: who asks meanwhile is answered as if it had been done.
    """
    by = system_actor("points.tidy")
    return sweep_lapsed(by=by) + fold_busy(by=by)
