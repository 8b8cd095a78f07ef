"""The job that takes along what lies in an area that has become part of another one, or brings it back."""

from __future__ import annotations

import contextlib
from functools import partial

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.core.retry import once_more
from minqing.org.queries import system_actor
from minqing.org.queries.changes import changes_under_way
from minqing.org.services import carry_on

NAME = "org.changes"


@app.task(name=NAME, queueing_lock=NAME, lock=NAME, pass_context=False)
def carry_changes() -> int:
    """All that is under way, a batch at a time; killed, it goes on behind the last batch. Returns how many."""
    by, batches = system_actor(NAME), 0
    for change in changes_under_way():
        while not once_more(partial(carry_on, change_id=change, by=by)):
            batches += 1
    return batches


@app.periodic(cron="*/5 * * * *")
@app.task(name="org.changes.left", queueing_lock="org.changes.left", pass_context=False)
def take_up_changes(timestamp: int) -> None:
    """A change whose job was given up, as after it killed its worker, is taken up again."""
    if changes_under_way():
        ask_to_carry()


def ask_to_carry() -> None:
    """Have it done beside the page; one that waits is enough."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        carry_changes.defer()
