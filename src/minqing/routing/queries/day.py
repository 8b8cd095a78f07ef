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
from minqing.matters.enums import State
from minqing.matters.queries import visible_matters
from minqing.matters.queries.then import stock, touched_since
from minqing.privacy.access import one_of

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
    """One statement."""
    today = midnight(clock.local_date(now))
    then = now - WEEK
    n = (
        visible_matters(actor)
        .filter(touched_since(today - WEEK))
        .aggregate(
            unsorted=Count("id", filter=one_of("area_id", actor.areas) & Q(state=State.RECEIVED, contested=False)),
            assigned=Count("id", filter=Q(assigned_at__gte=today)),
            received=Count("id", filter=Q(received_at__gte=today)),
            received_before=Count("id", filter=Q(received_at__gte=today - WEEK, received_at__lt=then)),
            **stock(now, then),
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
