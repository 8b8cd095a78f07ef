"""Seals are looked at by a job: a day of a county takes seconds, and no page waits for it."""

from __future__ import annotations

import contextlib
from datetime import date
from functools import partial

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.audit.queries.seals import unchecked
from minqing.audit.services import ask_check, check_day
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.retry import on_its_own

JOB = "audit.seals"


@app.task(name=JOB, lock=JOB, pass_context=False)
def check(day: str) -> int:
    """Returns how many things do not fit."""
    return check_day(day=date.fromisoformat(day), by=Actor.system(JOB)).wrong


@app.periodic(cron="10 4 * * *", periodic_id="audit.nightly")
@app.task(name="audit.nightly", queueing_lock="audit.nightly", lock=JOB, pass_context=False)
def nightly(timestamp: int) -> int:
    """The seals of all days that are over and that nobody has looked at. Returns how many days."""
    return sum(on_its_own(f"seals:{day}", partial(looked_at, day), otherwise=0) for day in unchecked(clock.today()))


def looked_at(day: date) -> int:
    check_day(day=day, by=Actor.system(JOB))
    return 1


def ask_to_check(*, day: date, by: Actor) -> bool:
    """Have the seals of a day looked at. Of several who ask, one job comes."""
    with transaction.atomic():
        asked = ask_check(day=day, by=by)
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            check.configure(queueing_lock=f"{JOB}:{day}").defer(day=day.isoformat())
    return asked
