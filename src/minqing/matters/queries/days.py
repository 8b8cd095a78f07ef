"""Counts of a whole county's matters by the day of their receipt, out of what is kept of each day.

What is kept of a day counts as long as nothing of that day has changed since; of the other days the rows themselves
are counted. So a figure is always the number of its rows, whether the days were counted a moment ago or never.
Who does not see the whole county gets no counts from here: his own rows are few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, TruncDate

from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI, midnight
from minqing.core.days import DAY
from minqing.core.ids import digest
from minqing.matters.models import CallBack, DayCount, Matter, StaleDay, Step
from minqing.matters.queries.finding import WORDS
from minqing.matters.queries.measures import BY_STEP, DROPPED, NOW, conditions, unit_measures, ways
from minqing.org.queries import top_id, units_for_which

COUNTED: Final = "counted"
CALLS: Final[Mapping[str, Q]] = {
    "drawn": Q(),
    "heard": Q(reached=True),
    "missed": Q(reached=False, done_at__isnull=False),
}


def measures(now: datetime) -> dict[str, Q]:
    """What is counted of the matters received on a day."""
    known = {name: one for name, one in conditions(now).items() if name not in NOW}
    said = {f"said_{name}": one for name, one in WORDS.items()}
    return known | ways() | said | {"received": Q(), "undropped": ~DROPPED}


def version() -> str:
    """Another one as soon as something else is counted: what was kept before is then passed over."""
    then = datetime(2000, 1, 1, tzinfo=SHANGHAI)
    told = [f"{name}{one}" for some in (measures(then), unit_measures(then), BY_STEP) for name, one in some.items()]
    return digest("\n".join(told))[:16]


VERSION: Final = version()


def counts_all(actor: Actor, area_id: int | None) -> bool:
    """Whether what ``actor`` asks for is the whole county, with all that it may hold."""
    top = top_id()
    return bool(top and actor.confidential and top in actor.areas and area_id in (None, top))


@dataclass(frozen=True)
class Days:
    """The local days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @cached_property
    def kept(self) -> frozenset[date]:
        """Those that were counted and have not changed since: one statement."""
        stale = StaleDay.objects.filter(Q(day=OuterRef("day")) | Q(day=None))
        rows = DayCount.objects.filter(kind=COUNTED, key=VERSION, day__range=(self.since, self.until))
        return frozenset(rows.filter(~Exists(stale)).values_list("day", flat=True))

    def unkept(self, field: str) -> Q:
        """The other days, by the time in ``field``."""
        return of_days(self.others(self.since, self.until), field)

    def held(self, field: str) -> Q:
        """The kept days, by the time in ``field``."""
        return of_days(sorted(self.kept), field)

    def others(self, first: date, last: date) -> list[date]:
        days = ((last - first).days + 1) if last >= first else 0
        return [one for n in range(days) if (one := first + n * DAY) not in self.kept]

    def totals(self) -> Counter[str]:
        """What is kept of all matters, by measure: one statement, none where nothing is."""
        rows = self.rows(kind="").values_list("measure").annotate(n=Sum("number")).order_by()
        return Counter(dict(rows)) if self.kept else Counter()

    def of_units(self, ids: Iterable[int] | None = None) -> dict[int, Counter[str]]:
        """What is kept of each unit, of ``ids`` or of all, by measure: one statement."""
        found: dict[int, Counter[str]] = {}
        wanted = {} if ids is None else {"key__in": [str(one) for one in ids]}
        rows = self.rows(kind="unit", **wanted).values_list("key", "measure").annotate(n=Sum("number")).order_by()
        for key, measure, number in rows if self.kept else ():
            found.setdefault(int(key), Counter())[measure] = number
        return found

    def units(self) -> set[int]:
        """The units of which something is kept: one statement, which looks for a first row of each."""
        if not self.kept:
            return set()
        first = self.rows(kind="unit", key=Cast(OuterRef("pk"), CharField())).order_by("day").values("pk")[:1]
        return units_for_which(Subquery(first))

    def rows(self, **wanted: Any) -> QuerySet[DayCount]:
        if not self.kept:
            return DayCount.objects.none()
        # as a span, which an index answers, and not day by day
        first, last = min(self.kept), max(self.kept)
        rows = DayCount.objects.filter(day__range=(first, last), **wanted)
        return rows.exclude(day__in=others) if (others := self.others(first, last)) else rows


def of_days(days: Iterable[date], field: str) -> Q:
    """Moments on one of ``days``, which are in order: days in a row as one span, which an index answers."""
    spans: list[list[date]] = []
    for day in days:
        if spans and spans[-1][1] == day:
            spans[-1][1] = day + DAY
        else:
            spans.append([day, day + DAY])
    found = Q(pk__in=[])
    for first, end in spans:
        found |= Q(**{f"{field}__gte": midnight(first), f"{field}__lt": midnight(end)})
    return found


def count_days(since: date, until: date, *, now: datetime) -> dict[tuple[date, str, str, str], int]:
    """What is to be kept of the days from ``since`` to ``until``: (day, kind, key, measure) with its number, none of 0.

    Of all matters every measure, of each unit its own, of each place below the county and each category those
    received; of the rows that the transaction sees.
    """
    span = {"gte": midnight(since), "lt": midnight(until + DAY)}
    received = {f"received_at__{name}": one for name, one in span.items()}
    numbers: Counter[tuple[date, str, str, str]] = Counter()
    matters = Matter.objects.filter(**received).order_by()
    of_all, of_unit = measures(now), unit_measures(now)
    wanted = {f"n_{name}": Count("pk", filter=one) for name, one in (of_all | of_unit).items()}
    rows: Any = matters.values("lead_unit_id", day=day_of("received_at")).annotate(**wanted)
    for row in rows:
        for name in of_all:
            numbers[row["day"], "", "", name] += row[f"n_{name}"]
        for name in of_unit if row["lead_unit_id"] else ():
            numbers[row["day"], "unit", str(row["lead_unit_id"]), name] += row[f"n_{name}"]
    rows = matters.values_list("area__path", "category_id", day_of("received_at")).annotate(n=Count("pk"))
    for path, category, day, number in rows:
        numbers[day, "place", "".join(path.split(".")[1:2]), "received"] += number
        numbers[day, "category", category or "", "received"] += number
    of_matter = {f"matter__{name}": one for name, one in received.items()}
    rows = moved(Step.objects.filter(**of_matter)).values("unit_id", day=day_of("matter__received_at"))
    for row in rows.annotate(**by_step()):
        for name in BY_STEP:
            numbers[row["day"], "unit", str(row["unit_id"]), name] += row[name]
    calls: Any = CallBack.objects.filter(**of_matter).order_by().values(day=day_of("matter__received_at"))
    for row in calls.annotate(**{name: Count("pk", filter=one) for name, one in CALLS.items()}):
        for name in CALLS:
            numbers[row["day"], "", "", name] += row[name]
    done = Matter.objects.filter(**{f"finished_at__{name}": one for name, one in span.items()})
    for day, number in done.order_by().values_list(day_of("finished_at")).annotate(n=Count("pk")):
        numbers[day, "", "", "finished"] += number
    return {at: number for at, number in numbers.items() if number}


def moved(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Those that gave a matter to a unit, or sent it back."""
    return steps.filter(move__in=[one.value for one in BY_STEP.values()], unit__isnull=False).order_by()


def by_step() -> dict[str, Count]:
    return {name: Count("matter", distinct=True, filter=Q(move=move.value)) for name, move in BY_STEP.items()}


def day_of(field: str) -> TruncDate:
    return TruncDate(field, tzinfo=SHANGHAI)
