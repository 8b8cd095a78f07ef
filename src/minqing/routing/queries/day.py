"""A clerk's day in figures: what came, what was assigned, what is open and late, and for whom the clerk waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.clock import midnight
from minqing.core.days import DAY
from minqing.matters.enums import OPEN, State
from minqing.matters.queries import visible_matters
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.then import open_then
from minqing.privacy.access import one_of

OPEN_STATES: Final = sorted(OPEN)
WEEK: Final = timedelta(days=7)
# units shown of those that have not taken up what was given to them; the list has them all
UNITS: Final = 5


@dataclass(frozen=True)
class Day:
    """Numbers of matters that the clerk sees, as the lists behind them; ``_before`` is the same a week ago."""

    unsorted: int
    assigned: int
    received: int
    received_before: int
    open: int
    open_before: int
    overdue: int
    overdue_before: int


def day_of(actor: Actor, now: datetime) -> Day:
    """One statement. Late then is what was open then and past the deadline that it has by now."""
    today = midnight(clock.local_date(now))
    then = now - WEEK
    was_open = open_then(then)
    touched = Q(state__in=OPEN_STATES) | Q(changed_at__gte=today - WEEK)
    n = (
        visible_matters(actor)
        .filter(touched)
        .aggregate(
            unsorted=Count("id", filter=one_of("area_id", actor.areas) & Q(state=State.RECEIVED)),
            assigned=Count("id", filter=Q(assigned_at__gte=today)),
            received=Count("id", filter=Q(received_at__gte=today)),
            received_before=Count("id", filter=Q(received_at__gte=today - WEEK, received_at__lt=then)),
            open=Count("id", filter=Q(state__in=OPEN_STATES)),
            open_before=Count("id", filter=was_open),
            overdue=Count("id", filter=overdue_at(now)),
            overdue_before=Count("id", filter=was_open & Q(due_at__lt=then)),
        )
    )
    return Day(**n)


@dataclass(frozen=True)
class Awaited:
    """A unit that has not taken up ``number`` matters, the oldest given to it ``days`` ago."""

    unit: int
    name: str
    number: int
    days: int


def awaited(actor: Actor, now: datetime) -> list[Awaited]:
    """Those that have waited longest first: one statement."""
    rows = (
        visible_matters(actor)
        .filter(state=State.ASSIGNED, lead_unit__isnull=False)
        .order_by()
        .values("lead_unit", "lead_unit__name")
        .annotate(number=Count("id"), since=Min("assigned_at"))
        .order_by("since", "lead_unit")
    )
    return [
        Awaited(row["lead_unit"], row["lead_unit__name"], row["number"], (now - row["since"]) // DAY)
        for row in rows[:UNITS]
    ]
