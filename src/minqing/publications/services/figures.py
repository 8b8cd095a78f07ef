"""Figures of a quarter that is over, small numbers withheld, once and for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.core.retry import one_at_a_time
from minqing.journal.services import record
from minqing.org.queries import all_areas
from minqing.privacy.periods import Quarter, may_be_published
from minqing.privacy.suppression import THRESHOLD
from minqing.publications.models import QuarterFigures
from minqing.publications.queries.quarters import Making, figures_of, making, published_quarters
from minqing.publications.rules import may_publish_figures


@transaction.atomic
def ask_figures(*, quarter: Quarter, by: Actor, at: datetime | None = None) -> bool:
    """Whether the figures are now to be made, by a job (``tasks.ask_for_figures``); False where that was asked before.

    Refuses what :func:`publish_figures` would: who asks hears it at once. Event: ``publications.figures.asked``.
    """
    may_publish_figures(by, whole=by.areas >= all_areas()).require()
    # two who look at the queue at once would both find nothing there
    one_at_a_time(f"publications.figures:{quarter.code}")
    if quarter in published_quarters() or making(quarter) is Making.WAITS:
        return False
    at = at or clock.now()
    may_be_published(quarter, today=clock.local_date(at), published=published_quarters()).require()
    record(type="publications.figures.asked", subject=f"quarter:{quarter.code}", by=by, at=at)
    return True


@transaction.atomic
def publish_figures(*, quarter: Quarter, by: Actor, at: datetime | None = None) -> QuarterFigures:
    """Count the quarter, withhold what is small, and keep the result for good. A second call finds the first's.

    Raises Refused for a quarter that is not over, and for whoever does not see the whole county.
    """
    may_publish_figures(by, whole=by.areas >= all_areas()).require()
    one_at_a_time(f"publications.figures:{quarter.code}")
    found = QuarterFigures.objects.filter(year=quarter.year, quarter=quarter.number).first()
    if found:
        return found
    at = at or clock.now()
    may_be_published(quarter, today=clock.local_date(at), published=published_quarters()).require()
    row = QuarterFigures.objects.create(
        id=new_id(),
        year=quarter.year,
        quarter=quarter.number,
        threshold=THRESHOLD,
        table=figures_of(quarter),
        made_at=at,
    )
    record(type="publications.figures.published", subject=f"quarter:{quarter.code}", by=by, at=at)
    return row
