"""The system is looked over by a job: no page waits for it."""

from __future__ import annotations

import contextlib

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.desk.services import look_over
from minqing.org.queries import system_actor


@app.periodic(cron="*/5 * * * *", periodic_id="desk.look")
@app.task(name="desk.look", queueing_lock="desk.look", lock="desk.look", pass_context=False)
def look(timestamp: int = 0) -> int:
    """Returns how many things are not well."""
    return look_over(by=system_actor("desk.look"))


def look_soon() -> None:
    """Before its time, for somebody who has mended something; one that waits will see it as well."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        look.defer()
