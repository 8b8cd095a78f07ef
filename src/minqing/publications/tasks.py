"""Figures are made in the background."""

from __future__ import annotations

import contextlib

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.core.actor import Actor
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from minqing.privacy.periods import Quarter
from minqing.publications.queries.quarters import FIGURES_TASK
from minqing.publications.services import ask_figures, publish_figures


@app.task(name=FIGURES_TASK, lock=FIGURES_TASK, pass_context=False)
def figures(quarter: str) -> None:
    """Count and publish a quarter: what is withheld is worked out by integer programs, longer than a page may take."""
    with transaction_as(system_actor(FIGURES_TASK)) as by:
        publish_figures(quarter=Quarter.parse(quarter), by=by)


def ask_for_figures(*, quarter: Quarter, by: Actor) -> None:
    """Have the figures of the quarter made. Of several who ask, one job comes."""
    with transaction.atomic():
        if ask_figures(quarter=quarter, by=by):
            with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
                job = figures.configure(queueing_lock=f"{FIGURES_TASK}:{quarter.code}")
                job.defer(quarter=quarter.code)
