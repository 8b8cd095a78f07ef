"""What a machine should ask about at once: something was chosen there, it was locked or opened, a slot was filled."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from minqing.core import clock
from minqing.journal.subscriptions import Event
from minqing.machines.carriers import broker
from minqing.machines.queries import machine_made

HINTS: Final = (
    "machines.vend.reserved",
    "machines.machine.locked",
    "machines.machine.unlocked",
    "machines.slot.filled",
)
# by then it has asked by itself
NEWS: Final = timedelta(seconds=30)


def hint_of(event: Event) -> None:
    """A job says it, outside this transaction; one that waits already says it for both."""
    from minqing.machines.tasks import hint

    if event.at < clock.now() - NEWS or broker() is None:
        return
    about = event.data.get("machine") or event.subject.partition(":")[2]
    machine = machine_made(UUID(str(about)))
    if machine is not None:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            hint.configure(queueing_lock=f"machines.hint:{machine.code}").defer(code=machine.code)
