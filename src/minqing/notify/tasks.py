"""Background jobs of the outbox: delivering each half minute, deleting old rows each night."""

from __future__ import annotations

import contextlib

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.core.actor import Actor
from minqing.notify.services import deliver_due, sweep_old


@app.periodic(cron="* * * * * */30", periodic_id="notify.deliver")
@app.task(name="notify.deliver", queueing_lock="notify.deliver", pass_context=False)
def deliver(timestamp: int = 0) -> int:
    """Send what is due, the daily summaries among it. Returns the number of messages sent."""
    return deliver_due().sent


def deliver_soon() -> None:
    """Before its time, for the operator who waits for what becomes of it; a job that waits will see it as well."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        deliver.defer()


@app.periodic(cron="10 3 * * *", periodic_id="notify.sweep")
@app.task(name="notify.sweep", queueing_lock="notify.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """Every night."""
    return sweep_old(by=Actor.system("notify.sweep"))
