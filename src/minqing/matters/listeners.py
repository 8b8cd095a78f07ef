"""What this room hears of others, and of what happens in it."""

from __future__ import annotations

import contextlib

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from minqing.core.days import PIECE
from minqing.journal.subscriptions import Event
from minqing.matters.services import count_next_days
from minqing.org.queries import system_actor


def day_changed(event: Event) -> None:
    """Something happened to a matter: the days that it changed are counted anew.

    When all days have become stale the others are counted in a job, which commits each piece: an event is handled in
    one transaction.
    """
    from minqing.matters.tasks import count_days

    if count_next_days(by=system_actor("matters.days")) == PIECE:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            count_days.defer()
