"""What came and was finished day by day, in a period and in the one before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from minqing.core.clock import SHANGHAI, midnight
from minqing.core.days import DAY
from minqing.matters.queries.finding import LEFT, OUTCOMES, WORDS, Filters, filtered
from minqing.matters.queries.visibility import visible_matters
from minqing.web.overview import Scope

WEEKS: Final = 8
WEEK: Final = timedelta(days=7)
# of what was finished on a day
FINISHED: Final = {
    "finished": Q(),
    "timed": Q(due_at__isnull=False),
    "in_time": Q(finished_at__lte=F("due_at")),
    "asked": WORDS["asked_solved"],
    "solved": WORDS["solved"],
    **{f"as_{name}": where for name, where in OUTCOMES.items() if name != LEFT},
}
# points of a spark
POINTS: Final = 7

Days = dict[str, Counter[date]]


def matters_of(scope: Scope) -> QuerySet[Any]:
    """All visible matters of the area, of whatever day."""
    inside = Filters(area=scope.area_id)
    return filtered(visible_matters(scope.actor), inside, now=scope.now, lit=False).order_by()


@dataclass(frozen=True)
class Week:
    """From ``monday`` on."""

    monday: date
    received: int
    finished: int


@dataclass(frozen=True)
class Periods:
    """The matters of an area in the period of a page and the one before: two statements."""

    scope: Scope

    @cached_property
    def first_week(self) -> date:
        """The Monday of the first of the last eight weeks, that of the last day included."""
        last = self.scope.until
        return last - timedelta(days=last.weekday()) - (WEEKS - 1) * WEEK

    @cached_property
    def days(self) -> Days:
        """How many, by what is counted and by day."""
        matters = matters_of(self.scope)
        first = min(self.scope.before[0], self.first_week)
        received = by_day(matters, "received_at", first, self.scope.until)
        counted: Days = {name: Counter() for name in FINISHED}
        counted["received"] = Counter(dict(received.values_list("day", "n")))
        finished: Any = by_day(matters, "finished_at", first, self.scope.until)
        wanted = {f"n_{name}": Count("pk", filter=one) for name, one in FINISHED.items()}
        for row in finished.annotate(**wanted):
            for name in FINISHED:
                counted[name][row["day"]] = row[f"n_{name}"]
        return counted

    def number(self, name: str, *, before: bool = False) -> int:
        return self.between(name, *(self.scope.before if before else (self.scope.since, self.scope.until)))

    def between(self, name: str, since: date, until: date) -> int:
        return sum(number for day, number in self.days[name].items() if since <= day <= until)

    def way(self, name: str, *, before: bool = False) -> list[int]:
        """The period in some steps of the same length, the last one whole."""
        since, until = self.scope.before if before else (self.scope.since, self.scope.until)
        length = (until - since).days + 1
        step = max(1, length // POINTS)
        ends = [until - timedelta(days=n * step) for n in range(min(POINTS, length))]
        return [self.between(name, end - timedelta(days=step - 1), end) for end in reversed(ends)]

    def weeks(self) -> list[Week]:
        starts = [self.first_week + n * WEEK for n in range(WEEKS)]
        return [
            Week(
                start,
                self.between("received", start, start + 6 * DAY),
                self.between("finished", start, start + 6 * DAY),
            )
            for start in starts
        ]


def by_day(matters: QuerySet[Any], moment: str, since: date, until: date) -> QuerySet[Any, Any]:
    found = matters.filter(**{f"{moment}__gte": midnight(since), f"{moment}__lt": midnight(until + DAY)})
    return found.values(day=TruncDate(moment, tzinfo=SHANGHAI)).annotate(n=Count("pk"))
