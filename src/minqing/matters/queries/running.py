"""Whether a matter's clock to finish runs, by the database for lists and in Python for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from minqing.deadlines import shipped
from minqing.matters.enums import OPEN, ClockKind, State
from minqing.matters.models import Pause


def holding() -> QuerySet[Pause]:
    """The open pauses that stop the clock to finish."""
    # rows of the first release stop what its file said
    given = shipped.pauses("minqing.matters")
    reasons = [reason for reason, one in given.items() if ClockKind.FINISH in one["stops"]]
    stops = Q(stops__contains=[ClockKind.FINISH.value]) | Q(stops=[], reason__in=reasons)
    return Pause.objects.filter(stops, ended_at=None)


def running() -> Q:
    """Matters whose own clock runs: open, and not waiting for what stops it."""
    waits = Q(state=State.SUSPENDED.value)
    return Q(state__in=sorted(OPEN)) & (~waits | Q(~Exists(holding().filter(matter=OuterRef("pk")))))


def running_of(rows: Iterable[tuple[UUID, str, datetime | None]]) -> Callable[[UUID, str], bool]:
    """Whether the clock of a matter runs, by its id and state; asks the database only where some wait (id, state, due).

    One statement for any number of rows.
    """
    held = held_since(id for id, state, due_at in rows if state == State.SUSPENDED and due_at is not None)
    return lambda id, state: state in OPEN and id not in held


def held_since(waiting: Iterable[UUID]) -> dict[UUID, datetime]:
    """Of matters that wait, those whose clock to finish stands still, and since when; at most one statement."""
    ids = list(waiting)
    return dict(holding().filter(matter__in=ids).values_list("matter", "started_at")) if ids else {}
