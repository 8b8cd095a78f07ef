"""What should have happened by itself and has not: for the operator."""

from __future__ import annotations

from datetime import datetime, timedelta

from minqing.core.ids import first_id_of
from minqing.deadlines.books import Upkeep
from minqing.journal.queries import newest_of

# the job runs every five minutes: what it has passed over so often, it cannot do
PASSED_OVER = timedelta(hours=1)


def overlooked(upkeep: Upkeep, now: datetime) -> list[str]:
    """Numbers of things that the job should have taken up or carried up an hour ago; act as the system."""
    before, book = now - PASSED_OVER, upkeep.book
    found = passed_over(upkeep, before)
    if book.pause and upkeep.suspended:
        over = book.pause._default_manager.filter(ended_at=None, planned_end__lte=before)
        waiting = over.filter(**{f"{book.of}__in": upkeep.suspended()})
        found |= set(waiting.values_list(f"{book.of}__{upkeep.number}", flat=True))
    return sorted(map(str, found))


def passed_over(upkeep: Upkeep, before: datetime) -> set[str]:
    """Those that could have been carried up since ``before``.

    The moment to carry one up may lie in the past as soon as it is written: of an old thing that is loaded, after
    another ladder or another calendar. So the clock must have been made before as well, and the thing and the ladder
    have stood as they do.
    """
    ladder = newest_of("deadlines.ladder.changed")
    if ladder is not None and ladder.at > before:
        return set()
    book = upkeep.book
    things = upkeep.running().filter(**{f"{upkeep.changed}__lt": before})
    clocks = book.clocks.filter(
        stopped_at=None, escalate_at__lt=before, pk__lt=first_id_of(before), **{f"{book.of}__in": things}
    )
    return set(clocks.values_list(f"{book.of}__{upkeep.number}", flat=True))
