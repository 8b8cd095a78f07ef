"""What came of a replay, counted from the matters as they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any, Final

from django.db.models import Count, F, Q

from minqing.core.clock import SHANGHAI
from minqing.deadlines.enums import Rung
from minqing.demo.board import Message
from minqing.matters.enums import OPEN, Move, State
from minqing.matters.queries import visible_matters
from minqing.org.queries import system_actor, work_calendar
from minqing.privacy.access import transaction_as

BATCH = 1_000
LONG: Final = timedelta(days=90)
# what the county promised then is not known; before this year the board itself was new
EARLY: Final = 2015
RUNGS: Final = (Rung.HEAD, Rung.TOWNSHIP, Rung.CITY)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts of matters. ``as_suggested``: the unit is the one the rules named; for the others they named none.

    ``working_days`` from receipt to answer: median and the day by which nine of ten had theirs; None without answers.
    ``late`` were answered after the deadline, ``overdue`` are not answered and past it now; ``in_time`` and ``late``
    make all that were answered. ``escalated`` counts by the highest rung reached. ``early`` came in before 2015,
    ``long`` waited more than 90 days; both are among the others.
    """

    received: int
    assigned: int
    as_suggested: int
    answered: int
    confirmed: int
    in_time: int
    late: int
    overdue: int
    escalated: dict[str, int]
    drawn: int
    working_days_median: float | None
    working_days_nine_of_ten: int | None
    early: int
    long: int

    @property
    def in_time_percent(self) -> float | None:
        """Of those that were answered or are overdue."""
        whole = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / whole, 1) if whole else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"in_time_percent": self.in_time_percent}


def replay_figures(messages: Sequence[Message], *, now: object) -> Figures:
    """Figures of those of ``messages`` that were played, as of ``now``."""
    calendar, rows = work_calendar(), list(rows_of(messages))
    days = sorted(
        calendar.working_days_between(row["received_at"], row["finished_at"]) for row in rows if row["finished_at"]
    )
    answered = [row for row in rows if row["finished_at"]]
    in_time = sum(row["due_at"] is not None and row["finished_at"] <= row["due_at"] for row in answered)
    return Figures(
        received=len(rows),
        assigned=sum(row["given"] > 0 for row in rows),
        as_suggested=sum(row["suggested"] > 0 for row in rows),
        answered=len(answered),
        confirmed=sum(row["state"] == State.CONFIRMED for row in rows),
        in_time=in_time,
        late=sum(row["due_at"] is not None for row in answered) - in_time,
        overdue=sum(row["state"] in OPEN and row["due_at"] is not None and row["due_at"] < now for row in rows),
        escalated={rung.value: sum(row["rung"] == rung for row in rows) for rung in RUNGS},
        drawn=sum(row["call_back"] is not None for row in rows),
        working_days_median=median(days) if days else None,
        working_days_nine_of_ten=days[-(-len(days) * 9 // 10) - 1] if days else None,
        early=sum(row["received_at"].astimezone(SHANGHAI).year < EARLY for row in rows),
        long=sum(row["finished_at"] - row["received_at"] > LONG for row in answered),
    )


def rows_of(messages: Sequence[Message]) -> Any:
    ids = [message.id for message in messages]
    given = Count("steps", filter=Q(steps__move=Move.ASSIGN.value), distinct=True)
    suggested = Count("routings", filter=Q(routings__chosen=F("routings__suggested")), distinct=True)
    wanted = ("received_at", "finished_at", "due_at", "state", "rung", "call_back", "given", "suggested")
    for start in range(0, len(ids), BATCH):
        with transaction_as(system_actor("demo.replay")) as by:
            found = visible_matters(by).filter(pk__in=ids[start : start + BATCH])
            yield from found.annotate(given=given, suggested=suggested).values(*wanted)
