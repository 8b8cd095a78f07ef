"""The table of working days: seeded from two calendars, corrected by the operator."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.journal.services import record
from minqing.org.models import WorkDay
from minqing.org.rules import may_manage
from minqing.org.services.upsert import KEEP, Keep, Outcome, record_change, upsert
from minqing.worktime.calendar import special_days

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
        invalidate()
        record(type="org.work_days.loaded", subject="work-days", by=by, data={"added": added})
    return added


@transaction.atomic
def set_work_day(*, on: date, working: bool, by: Actor, name: str | Keep = KEEP) -> tuple[WorkDay, Outcome]:
    """The operator's word on one day. It holds against calendar and statute."""
    may_manage(by).require()
    values = {"working": working, "name": name, "source": "operator"}
    day, outcome, changed = upsert(WorkDay, key={"date": on}, values=values)
    record_change("work_day", f"work-day:{on.isoformat()}", outcome, by=by, changed=changed, working=working)
    return day, outcome


@transaction.atomic
def clear_work_day(*, on: date, by: Actor) -> None:
    """Take the operator's word back: weekends and statute decide again."""
    may_manage(by).require()
    removed, _models = WorkDay.objects.filter(date=on).delete()
    if removed:
        invalidate()
        record(type="org.work_day.cleared", subject=f"work-day:{on.isoformat()}", by=by)
