"""The colour of deadlines, by the database for lists and in Python for one.

Red is one thing everywhere: the clock runs and is past. A matter that waits is red all the same where what it waits
for does not stop the clock to finish.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from minqing.core import clock
from minqing.matters import rules
from minqing.matters.enums import OPEN, Light
from minqing.matters.models import Matter
from minqing.matters.queries.running import running, running_of
from minqing.org.queries import work_calendar
from minqing.worktime.calendar import WorkCalendar


def soon(now: datetime, *, calendar: WorkCalendar | None = None) -> datetime:
    """The close of the next working day: what is due before has less than one working day left."""
    return (calendar or work_calendar()).add_working_days(now, 1).at


def overdue_at(now: datetime) -> Q:
    """Where the light is red, as a condition: one word for wall, leader's page, queue and export."""
    return running() & Q(due_at__lt=now)


def with_lights(matters: QuerySet[Matter], now: datetime | None = None) -> QuerySet[Matter]:
    """Annotate ``light``: the rule of :func:`minqing.matters.rules.light`, computed by the database."""
    now = now or clock.now()
    limit = soon(now)
    span = DurationField()
    term = ExpressionWrapper(F("due_at") - Coalesce("assigned_at", "received_at"), output_field=span)
    return matters.alias(
        time_left=ExpressionWrapper(F("due_at") - Value(now), output_field=span),
        last_part=ExpressionWrapper(term / Value(rules.LAST_PART), output_field=span),
    ).annotate(
        light=Case(
            When(Q(due_at=None) | ~running(), then=Value(Light.GREY.value)),
            When(due_at__lt=now, then=Value(Light.RED.value)),
            When(Q(due_at__lt=limit) | Q(time_left__lt=F("last_part")), then=Value(Light.YELLOW.value)),
            default=Value(Light.GREEN.value),
            output_field=CharField(),
        )
    )


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
