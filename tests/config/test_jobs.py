"""Jobs as a worker runs them: with no transaction around them."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from minqing.core import clock
from minqing.privacy.periods import Quarter
from minqing.publications.queries.quarters import published_quarters
from tests.cast import Cast


def test_every_job_opens_the_transaction_that_it_needs_by_itself(committed_cast: Cast) -> None:
    jobs = [one.task for one in app.periodic_registry.periodic_tasks.values() if not one.task.pass_context]
    assert "deadlines.ladder" in {job.name for job in jobs}
    for job in jobs:
        job.func(timestamp=0)
    app.tasks["deadlines.reckon"].func()
    quarter = Quarter.of(clock.today()).former
    app.tasks["publications.figures"].func(quarter=quarter.code)
    with transaction.atomic():
        assert published_quarters() == [quarter]
