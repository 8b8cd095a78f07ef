"""Periodic jobs of partners."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from minqing.core.timekeeping import lived_now
from minqing.partners.services import forget_delivered, forget_settled, send_due, sweep_buckets, take_over_due

KEPT = timedelta(days=30)


@app.periodic(cron="50 3 * * *")
@app.task(name="partners.sweep", queueing_lock="partners.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Remove the buckets of those who have not called for a while, and what is long delivered or done with."""
    before = lived_now() - KEPT
    return sweep_buckets() + forget_delivered(before=before) + forget_settled(before=before)


@app.periodic(cron="* * * * * */10", periodic_id="partners.send")
@app.task(name="partners.send", queueing_lock="partners.send", lock="partners.send", pass_context=False)
def send(timestamp: int) -> int:
    """Send partners what is due. Returns how many deliveries were tried."""
    return send_due()


@app.periodic(cron="* * * * *", periodic_id="partners.take_over")
@app.task(name="partners.take_over", queueing_lock="partners.take_over", lock="partners.take_over", pass_context=False)
def take_over(timestamp: int) -> int:
    """Try again what partners sent too early. Returns how many events were taken over."""
    return take_over_due()
