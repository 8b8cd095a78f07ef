"""The colour of deadlines, by the database for lists and in Python for one.

Red is one thing everywhere: the clock runs and is past. A matter that waits is red all the same where what it waits
for does not stop the clock to finish.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from minqing.core import clock
from minqing.deadlines import queries as deadlines
from minqing.deadlines import rules
from minqing.deadlines.enums import Light
from minqing.deadlines.queries import soon
from minqing.matters.enums import OPEN
from minqing.matters.models import Matter
from minqing.matters.queries.running import running, running_of


def overdue_at(now: datetime) -> Q:
    """Where the light is red, as a condition: one word for wall, leader's page, queue and export."""
    return running() & Q(due_at__lt=now)


def with_lights(matters: QuerySet[Matter], now: datetime | None = None) -> QuerySet[Matter]:
    """Annotate ``light``: of a term that began with the unit that has it, or when it was received."""
    started = Coalesce("assigned_at", "received_at")
    return deadlines.with_lights(matters, runs=running(), started=started, now=now or clock.now())


def lit_as(light: str, now: datetime) -> Q:
    """Where the light has that colour, on rows of :func:`with_lights`.

    What is neither red nor grey is open and not due yet: said outright, in conditions that an index answers.
    """
    if light == Light.RED.value:
        return overdue_at(now)
    ahead = Q(state__in=sorted(OPEN), due_at__gte=now) if light in {Light.YELLOW.value, Light.GREEN.value} else Q()
    return ahead & Q(light=light)


def light_of(matter: Matter, now: datetime | None = None, *, limit: datetime | None = None) -> Light:
    """The colour of one matter's deadline; ``limit`` is :func:`soon` where several are looked at."""
    now = now or clock.now()
    return rules.light(
        runs=running_of([(matter.pk, matter.state, matter.due_at)])(matter.pk, matter.state),
        due_at=matter.due_at,
        started_at=matter.assigned_at or matter.received_at,
        now=now,
        soon=limit or soon(now),
    )
