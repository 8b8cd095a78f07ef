"""The colour of deadlines: the rule of :func:`minqing.deadlines.rules.light`, computed by the database for lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Case, CharField, DurationField, ExpressionWrapper, F, Model, Q, QuerySet, Value, When

from minqing.deadlines.enums import Light
from minqing.deadlines.rules import LAST_PART
from minqing.org.queries import work_calendar
from minqing.worktime.calendar import WorkCalendar

M = TypeVar("M", bound=Model)


def soon(now: datetime, *, calendar: WorkCalendar | None = None) -> datetime:
    """The close of the next working day: what is due before has less than one working day left."""
    return (calendar or work_calendar()).add_working_days(now, 1).at


def with_lights(things: QuerySet[M], *, runs: Q, started: Any, now: datetime) -> QuerySet[M]:
    """Annotate ``light``: grey where the thing's own clock does not run (``runs``); its term began at ``started``."""
    span = DurationField()
    term = ExpressionWrapper(F("due_at") - started, output_field=span)
    return things.alias(
        time_left=ExpressionWrapper(F("due_at") - Value(now), output_field=span),
        last_part=ExpressionWrapper(term / Value(LAST_PART), output_field=span),
    ).annotate(
        light=Case(
            When(Q(due_at=None) | ~runs, then=Value(Light.GREY.value)),
            When(due_at__lt=now, then=Value(Light.RED.value)),
            When(Q(due_at__lt=soon(now)) | Q(time_left__lt=F("last_part")), then=Value(Light.YELLOW.value)),
            default=Value(Light.GREEN.value),
            output_field=CharField(),
        )
    )
