"""Periodic jobs of matters: what happens when time passes and nobody does anything."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.matters.services import (
    count_stale_days,
    draw_call_backs,
    drop_unused_pictures,
)
from minqing.org.queries import system_actor


@app.periodic(cron="20 0 * * *", periodic_id="matters.call_backs")
@app.task(name="matters.call_backs", queueing_lock="matters.call_backs", pass_context=False)
def call_backs(timestamp: int) -> int:
    """Each night the lot. Returns how many reporters are to be called."""
    return draw_call_backs(by=system_actor("matters.call_backs"))


@app.periodic(cron="40 3 * * *", periodic_id="matters.drop_pictures")
@app.task(name="matters.drop_pictures", queueing_lock="matters.drop_pictures", pass_context=False)
def drop_pictures(timestamp: int) -> int:
    """Delete pictures that came ahead of a record and are held by none. Returns how many."""
    return drop_unused_pictures(by=system_actor("matters.drop_pictures"))


@app.task(name="matters.days", queueing_lock="matters.days", lock="matters.days", pass_context=False)
def count_days() -> int:
    """What is left of the stale days, see ``matters/listeners.py``. Returns how many were counted."""
    return count_stale_days(by=system_actor("matters.days"))
