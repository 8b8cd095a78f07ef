"""What this room hears of others, and of the operator."""

from __future__ import annotations

import contextlib

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from minqing.journal.subscriptions import Event


def working_time_changed(event: Event) -> None:
    """Working days, hours of a unit, or a term that what runs follows: deadlines are reckoned anew, in a job."""
    from minqing.deadlines.tasks import reckon

    if event.type == "org.unit.updated" and "hours" not in event.data.get("fields", ()):
        return
    if event.type == "deadlines.norm.changed" and not event.data.get("running"):
        return
    # a job that waits will see this change as well
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        reckon.defer()
