"""What the ledger does as time passes."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from minqing.core import clock
from minqing.org.queries import system_actor
from minqing.points.services import close_month, fold_busy, sweep_lapsed


@app.periodic(cron="* * * * *", periodic_id="points.tidy")
@app.task(name="points.tidy", queueing_lock="points.tidy", pass_context=False)
def tidy(timestamp: int) -> int:
    """Fold what was appended to busy accounts, end holds and points whose time is over. Returns how many.

    Nothing waits for it: who asks meanwhile is answered as if it had been done.
    """
    by = system_actor("points.tidy")
    return sweep_lapsed(by=by) + fold_busy(by=by)


@app.periodic(cron="30 0 * * *", periodic_id="points.close")
@app.task(name="points.close", queueing_lock="points.close", pass_context=False)
def close(timestamp: int) -> str:
    """Every night, so that a missed one is made good: the trial balance of the month that is over. Returns which."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    return f"{close_month(month=last, by=system_actor('points.close')).month:%Y-%m}"
