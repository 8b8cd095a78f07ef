"""A shop's own paper of a month laid beside the ledger: day by day and thing by thing, what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.points.queries.sheets import next_month
from minqing.redeeming.models import PaperLine, SaleLine, Settled, Shop
from minqing.redeeming.queries.shops import visible_shops


class Figures(NamedTuple):
    """Pieces and points of one thing on one day, what came back taken off."""

    pieces: int
    points: int


Key = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """``paper`` or ``ledger`` is None where that side knows nothing of it; ``settled``: somebody looked at this."""

    day: date
    what: str
    paper: Figures | None
    ledger: Figures | None
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """``alike``: lines on which both agree. ``brought``: whether there is a paper of that month at all."""

    brought: bool
    alike: int
    paper: int
    ledger: int
    differences: Sequence[Difference]

    @property
    def open(self) -> list[Difference]:
        return [one for one in self.differences if one.settled is None]

    @property
    def settled(self) -> list[Difference]:
        return [one for one in self.differences if one.settled is not None]


def compare(shop: Shop, month: date) -> Compared:
    """Of the month that begins with that day. Without a paper nothing differs: nothing was said."""
    paper, ledger = on_paper(shop, month), in_ledger(shop, month)
    found = []
    if paper:
        looked = settled_of(shop, month)
        for day, what in sorted(paper.keys() | ledger.keys()):
            there, here = paper.get((day, what)), ledger.get((day, what))
            if (there or NOTHING) != (here or NOTHING):
                found.append(Difference(day, what, there, here, looked.get((day, what, there, here))))
    alike = sum(1 for key, one in paper.items() if (ledger.get(key) or NOTHING) == one)
    return Compared(bool(paper), alike, sum_of(paper), sum_of(ledger), found)


def sum_of(side: Mapping[Key, Figures]) -> int:
    return sum(one.points for one in side.values())


NOTHING = Figures(0, 0)


def on_paper(shop: Shop, month: date) -> dict[Key, Figures]:
    rows = PaperLine.objects.filter(shop=shop, day__gte=month, day__lt=next_month(month))
    return added((one.day, one.what, one.count, one.points) for one in rows)


def in_ledger(shop: Shop, month: date) -> dict[Key, Figures]:
    """What was had on the day it was had, and what came back on the day it came, as a shop's day says it."""
    since, until = clock.midnight(month), clock.midnight(next_month(month))
    rows = SaleLine.objects.filter(sale__shop=shop)
    had = rows.filter(sale__sold_at__gte=since, sale__sold_at__lt=until)
    back = rows.filter(returned_at__gte=since, returned_at__lt=until)
    return added(
        (clock.local_date(at), what, sign * count, sign * count * price)
        for sign, found, moment in ((1, had, "sale__sold_at"), (-1, back, "returned_at"))
        for at, what, count, price in found.values_list(moment, "item__name", "count", "price")
    )


def added(lines: Iterable[tuple[date, str, int, int]]) -> dict[Key, Figures]:
    sums: defaultdict[Key, Figures] = defaultdict(lambda: NOTHING)
    for day, what, count, points in lines:
        before = sums[day, what]
        sums[day, what] = Figures(before.pieces + count, before.points + points)
    return dict(sums)


def settled_of(shop: Shop, month: date) -> dict[tuple[date, str, Figures | None, Figures | None], Settled]:
    rows = Settled.objects.filter(shop=shop, day__gte=month, day__lt=next_month(month)).order_by("at")
    return {
        (
            one.day,
            one.what,
            figures(one.paper_count, one.paper_points),
            figures(one.ledger_count, one.ledger_points),
        ): one
        for one in rows
    }


def figures(count: int | None, points: int | None) -> Figures | None:
    return None if count is None or points is None else Figures(count, points)


def settled_sent(id: UUID) -> Settled | None:
    return Settled.objects.filter(pk=id).first()


def shops_called(actor: Actor) -> dict[str, list[Shop]]:
    """Those that the actor may see, by name."""
    found: dict[str, list[Shop]] = {}
    for one in visible_shops(actor):
        found.setdefault(one.name, []).append(one)
    return found
