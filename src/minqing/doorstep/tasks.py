"""Housekeeping of the door."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.doorstep.services import sweep_buckets


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="doorstep.sweep_buckets", pass_context=False)
def sweep(timestamp: int) -> int:
    """Remove the buckets of those who have not come for a while."""
    return sweep_buckets()
