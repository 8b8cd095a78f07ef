"""The journal's periodic jobs: sealing each minute, delivering where a notification got lost, forgetting old sends."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.journal.idempotency import forget_sends
from minqing.journal.sealing import seal_new
from minqing.journal.subscriptions import deliver_all


@app.periodic(cron="* * * * *", periodic_id="journal.seal")
@app.task(name="journal.seal", queueing_lock="journal.seal", pass_context=False)
def seal(timestamp: int) -> int:
    """Seal what is new. Returns the number of events sealed."""
    made = seal_new()
    return made.size if made else 0


@app.periodic(cron="* * * * * */30", periodic_id="journal.deliver")
@app.task(name="journal.deliver", queueing_lock="journal.deliver", pass_context=False)
def deliver(timestamp: int) -> int:
    """Hand subscribers what they missed. Returns the number of events taken."""
    return deliver_all()


@app.periodic(cron="30 3 * * *", periodic_id="journal.forget_sends")
@app.task(name="journal.forget_sends", queueing_lock="journal.forget_sends", pass_context=False)
def forget(timestamp: int) -> int:
    """Every night. Returns the number of sends forgotten."""
    return forget_sends()
