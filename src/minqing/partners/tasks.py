"""Periodic jobs of partners."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.partners.services import sweep_buckets


@app.periodic(cron="50 3 * * *")
@app.task(name="partners.sweep", queueing_lock="partners.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Remove the buckets of those who have not called for a while."""
    return sweep_buckets()
