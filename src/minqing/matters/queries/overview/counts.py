"""What all figures of a leader's page are counted from, each asked of the database once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from minqing.core.clock import midnight
from minqing.core.days import DAY
from minqing.matters.enums import OPEN
from minqing.matters.queries.days import Days, counts_all
from minqing.matters.queries.finding import WORDS, Filters, filtered
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import DROPPED, conditions
from minqing.matters.queries.visibility import visible_matters
from minqing.web.overview import Scope

OPEN_STATES = sorted(OPEN)


@dataclass(frozen=True)
class Counts:
    """The matters of an area and a period, as rows and as what is kept of their days."""

    scope: Scope

    @cached_property
    def matters(self) -> QuerySet[Any]:
        """All visible matters of the area, of whatever day."""
        inside = Filters(area=self.scope.area_id)
        return filtered(visible_matters(self.scope.actor), inside, now=self.scope.now, lit=False).order_by()

    @cached_property
    def days(self) -> Days | None:
        """What is kept of the period's days, for who looks at the whole county; None: the rows are few."""
        whole = counts_all(self.scope.actor, self.scope.area_id)
        return Days(self.scope.since, self.scope.until) if whole else None

    @cached_property
    def uncounted(self) -> QuerySet[Any]:
        """The matters received in the period that the kept counts do not hold."""
        return self.matters.filter(self.days.unkept("received_at") if self.days else self.within("received_at"))

    @cached_property
    def unfinished(self) -> QuerySet[Any]:
        """The matters finished in the period that the kept counts do not hold."""
        return self.matters.filter(self.days.unkept("finished_at") if self.days else self.within("finished_at"))

    @cached_property
    def totals(self) -> Counter[str]:
        """What the period's matters say, kept or counted now."""
        known = conditions(self.scope.now)
        wanted = {f"said_{name}": one for name, one in WORDS.items()}
        wanted |= {name: known[name] for name in ("answered", "silent")}
        # as on the wall, with those that no unit has yet
        wanted |= {"received": Q(), "undropped": ~DROPPED}
        now = self.uncounted.aggregate(**{name: Count("id", filter=one) for name, one in wanted.items()})
        return (self.days.totals() if self.days else Counter()) + Counter(now)

    def within(self, moment: str) -> Q:
        """Those whose ``moment`` (``received_at``) lies in the period."""
        since, until = self.scope.since, self.scope.until
        return Q(**{f"{moment}__gte": midnight(since), f"{moment}__lt": midnight(until + DAY)})

    @property
    def open(self) -> Q:
        return Q(state__in=OPEN_STATES)

    @property
    def overdue(self) -> Q:
        return overdue_at(self.scope.now)
