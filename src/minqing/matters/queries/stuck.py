"""What should have happened by itself and has not: for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from minqing.matters.enums import State
from minqing.matters.models import Clock, Matter, Pause
from minqing.matters.queries.running import running

# the job runs every five minutes: what it has passed over so often, it cannot do
PASSED_OVER = timedelta(hours=1)


def stuck_matters(now: datetime) -> list[str]:
    """Numbers of matters that the ladder job should have taken up or carried up an hour ago; act as the system."""
    before = now - PASSED_OVER
    pauses = Pause.objects.filter(ended_at=None, planned_end__lte=before, matter__state=State.SUSPENDED.value)
    clocks = Clock.objects.filter(stopped_at=None, escalate_at__lt=before, matter__in=Matter.objects.filter(running()))
    found = {*pauses.values_list("matter__number", flat=True), *clocks.values_list("matter__number", flat=True)}
    return sorted(found)
