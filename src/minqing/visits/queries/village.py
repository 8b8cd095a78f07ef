"""A village at a glance: facts about its households and matters, and none about who visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries.files import open_households
from minqing.matters.queries import open_for, with_dues
from minqing.matters.queries.lights import overdue_at
from minqing.visits.queries.days import households_met

SPANS: Final = (30, 90)
SHOWN: Final = 5


@dataclass(frozen=True)
class Village:
    """Households, in how many somebody was met in the last days by :data:`SPANS`, and the open matters."""

    households: int
    met: dict[int, int]
    open: int
    overdue: int


def due_in_village(actor: Actor, now: datetime) -> Sequence[Any]:
    """What is due first in the village, overdue ones on top."""
    return with_dues(open_for(actor).select_related("area", "category", "lead_unit")[:SHOWN], now)


def village_of(actor: Actor, now: datetime) -> Village:
    """The number of statements does not depend on how many there are."""
    today = clock.local_date(now)
    met = {days: households_met(actor, today - timedelta(days=days - 1), today) for days in SPANS}
    matters = open_for(actor)
    n = matters.order_by().aggregate(open=Count("pk"), overdue=Count("pk", filter=overdue_at(now)))
    return Village(open_households(actor.areas), met, n["open"], n["overdue"])
