"""What should have happened by itself and has not: for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from minqing.core.ids import first_id_of
from minqing.journal.queries import newest_of
from minqing.matters.enums import State
from minqing.matters.models import Clock, Matter, Pause
from minqing.matters.queries.running import running

# the job runs every five minutes: what it has passed over so often, it cannot do
PASSED_OVER = timedelta(hours=1)


def stuck_matters(now: datetime) -> list[str]:
    """Numbers of matters that the ladder job should have taken up or carried up an hour ago; act as the system."""
    before = now - PASSED_OVER
    pauses = Pause.objects.filter(ended_at=None, planned_end__lte=before, matter__state=State.SUSPENDED.value)
    found = {*pauses.values_list("matter__number", flat=True), *passed_over(before)}
    return sorted(found)


def passed_over(before: datetime) -> set[str]:
    """Those that could have been carried up since ``before``.

    The moment to carry one up may lie in the past as soon as it is written: of an old matter that is loaded, after
    another ladder or another calendar. So the clock must have been made before as well, and the matter and the ladder
    have stood as they do.
    """
    ladder = newest_of("deadlines.ladder.changed")
    if ladder is not None and ladder.at > before:
        return set()
    matters = Matter.objects.filter(running(), changed_at__lt=before)
    clocks = Clock.objects.filter(
        stopped_at=None, escalate_at__lt=before, pk__lt=first_id_of(before), matter__in=matters
    )
    return set(clocks.values_list("matter__number", flat=True))
