"""Writes of the organisation."""

from __future__ import annotations

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.calendar import special_days
from minqing.journal.services import record
from minqing.org.models import WorkDay

YEARS_BACK = 8
YEARS_AHEAD = 2


@transaction.atomic
def load_work_days(*, by: Actor) -> int:
    """Seed the table of working days from the two calendars; a day the operator has set stays as set.

    Returns the number of days added.
    """
    year = clock.today().year
    days = [
        WorkDay(date=day.on, working=day.working, name=day.name, source="notice")
        for one in range(year - YEARS_BACK, year + YEARS_AHEAD)
        for day in special_days(one)
    ]
    before = WorkDay.objects.count()
    WorkDay.objects.bulk_create(days, ignore_conflicts=True)
    added = WorkDay.objects.count() - before
    if added:
        record(type="org.work_days.loaded", subject="work-days", by=by, data={"added": added})
    return added
