"""The periods for which figures are published: whole calendar quarters, each once, after it has ended. Pure.

Of two periods that overlap the difference can be taken, and what is left may be a handful. Therefore one kind of
period for everything, no windows to be chosen, and no second publication of the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from minqing.core.decision import Decision

_CODE = re.compile(r"(20\d\d|21\d\d)-?[Qq]([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter; ``number`` from 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2199 and 1 <= self.number <= 4):
            raise ValueError("no quarter")

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, code: str) -> Quarter:
        """``2026Q3``; ValueError for anything else."""
        found = _CODE.fullmatch(code)
        if found is None:
            raise ValueError("no quarter")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def between(cls, first: date | None, last: date | None) -> Quarter | None:
        """The quarter that goes from ``first`` to ``last``; None where they are not those of one."""
        if first is None or not 2000 <= first.year <= 2199:
            return None
        quarter = cls.of(first)
        return quarter if (quarter.first, quarter.last) == (first, last) else None

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        # the last quarter of all has none after it
        return date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1) - timedelta(days=1)

    @property
    def following(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def former(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


def may_be_published(quarter: Quarter, *, today: date, published: Iterable[Quarter]) -> Decision:
    """Only a quarter that is over, and each once: the figures of a day would tell, against yesterday's, of one day."""
    if today <= quarter.last:
        return Decision.no("not_over", _("This quarter is not over yet. Its figures can be published afterwards."))
    if quarter in set(published):
        return Decision.no("published_before", _("The figures of this quarter are published and stay as they are."))
    return Decision.yes()
