"""In how many households somebody was met, in a whole county out of what is kept of each day.

Different households of a year cannot be added up from its days. But each has one first day in any period: that on which
somebody was met there, and not yet between the beginning of the period and it. So of a day is kept in how many
households somebody was met who had last been met on which day before; a period adds up those who had last been met
before it began. Of days that have changed since they were counted the rows are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI, midnight
from minqing.core.days import DAY, span
from minqing.org.queries import top_id
from minqing.visits.enums import Met
from minqing.visits.models import StaleVisitDay, Visit, VisitedDay
from minqing.visits.queries.visibility import SOMEBODY, filtered

# of more days the visits of the whole period are counted sooner than those of each household looked up
FEW: Final = 14
LOCAL_DAY: Final = TruncDate("visited_at", tzinfo=SHANGHAI)


def households_met(actor: Actor, since: date, until: date, *, area_id: int | None = None) -> int:
    """In how many different households of the area somebody was met on the local days, both included."""
    visits = filtered(actor, area_id=area_id, since=since, until=until, met=SOMEBODY).select_related(None).order_by()
    top = top_id()
    if top in actor.areas and area_id in (None, top):
        # a visit lies minutes ahead at most
        days = VisitedDays(since, min(until, clock.today() + DAY))
        if days.usable:
            return days.kept() + different(days.first_of(visits))
    return different(visits)


def different(visits: QuerySet[Visit]) -> int:
    return int(visits.aggregate(n=Count("household", distinct=True))["n"])


@dataclass(frozen=True)
class VisitedDays:
    """What is kept of the local days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @cached_property
    def counted(self) -> date | None:
        """Up to which day: they are counted in their order, and what has changed since is stale."""
        return VisitedDay.objects.aggregate(last=Max("day"))["last"]

    @cached_property
    def others(self) -> list[date]:
        """The days that are not kept, in order."""
        last = self.counted or self.since - DAY
        stale = StaleVisitDay.objects.filter(day__range=(self.since, min(self.until, last)))
        changed = set(stale.values_list("day", flat=True))
        later = max(last + DAY, self.since)
        return sorted(changed) + span(later, self.until)

    @property
    def usable(self) -> bool:
        return self.counted is not None and len(self.others) <= FEW

    def kept(self) -> int:
        rows = VisitedDay.objects.filter(day__range=(self.since, self.until)).exclude(day__in=self.others)
        first_time = Q(former=None) | Q(former__lt=self.since)
        return rows.filter(first_time).aggregate(n=Sum("households"))["n"] or 0

    def first_of(self, visits: QuerySet[Visit]) -> QuerySet[Visit]:
        """Of ``visits``, which are those of the period, the first to each household if it is on one of the others."""
        earlier = visits.filter(household=OuterRef("household"), visited_at__lt=OuterRef("visited_at"))
        there = Q(pk__in=[])
        for day in self.others:
            there |= Q(visited_at__gte=midnight(day), visited_at__lt=midnight(day + DAY))
        return visits.filter(there).filter(~Exists(earlier))


def count_visited_days(since: date, until: date) -> dict[tuple[date, date | None], int]:
    """What is to be kept of the days: of each, by the day before, in how many households; of rows that are seen."""
    met = Visit.objects.exclude(met=Met.NOBODY).order_by()
    before = met.annotate(day=LOCAL_DAY).filter(
        household=OuterRef("household"), visited_at__lt=OuterRef("visited_at"), day__lt=OuterRef("day")
    )
    rows = (
        met.filter(visited_at__gte=midnight(since), visited_at__lt=midnight(until + DAY))
        .annotate(day=LOCAL_DAY)
        .annotate(former=Subquery(before.order_by("-visited_at").values("day")[:1]))
        .values_list("day", "former")
        .annotate(n=Count("household", distinct=True))
    )
    return {(day, former): number for day, former, number in rows}
