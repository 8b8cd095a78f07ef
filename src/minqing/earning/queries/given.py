"""What was given for what, in sums; and who was thanked, for the sheet that their village posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from minqing.earning.enums import Category, Way
from minqing.earning.models import Award, FunctionVersion
from minqing.earning.rules import QUIET
from minqing.points.kinds import Caller, Sums, Whom
from minqing.privacy.access import one_of


@dataclass(frozen=True, slots=True)
class Given:
    """How often and how many points people were thanked with for one function."""

    category: Category
    function: str
    name: str
    times: int
    points: int


def awards_in(areas: Iterable[int], since: datetime | None = None, until: datetime | None = None) -> QuerySet[Award]:
    """What was given in that time and stands: what was a mistake is not told of."""
    time = (Q(awarded_at__gte=since) if since else Q()) & (Q(awarded_at__lt=until) if until else Q())
    return Award.objects.filter(time, one_of("area_id", areas), corrected_at=None)


def given_in(areas: Iterable[int], since: datetime | None = None, until: datetime | None = None) -> list[Given]:
    """By function, in the order of categories and of codes; each is called as it is called now."""
    rows = awards_in(areas, since, until).order_by().values_list("function", "function__category")
    sums = list(rows.annotate(Count("pk"), Sum("points")))
    codes = [code for code, *_rest in sums]
    names = dict(FunctionVersion.objects.filter(function__in=codes, current=True).values_list("function", "name"))
    order = list(Category)
    made = [Given(Category(category), code, names.get(code, code), *sum_) for code, category, *sum_ in sums]
    return sorted(made, key=lambda one: (order.index(one.category), one.function))


@dataclass(frozen=True, slots=True)
class Share:
    """One function, and its share of what was redeemed and of what is outstanding, by how much was given for it."""

    what: str
    times: int
    points: int
    redeemed: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Each category as a whole with its functions, in their order; what was taken over from paper books; how much was
    given and taken back again as a mistake. All of it is what the page says was given in all.
    """

    groups: list[tuple[Share, list[Share]]]
    opening: Share
    taken_back: int


def shares_of(rows: Sequence[Given], sums: Sums) -> Shares:
    """All of them together make up the whole, to the last point: what is rounded off one goes to the next."""
    whole = sum(one.points for one in rows) + sums.opening
    redeemed, outstanding = Parts(whole, sums.redeemed), Parts(whole, sums.outstanding)
    groups: dict[Category, list[Share]] = {}
    for one in rows:
        part = Share(one.name, one.times, one.points, redeemed.of(one.points), outstanding.of(one.points))
        groups.setdefault(one.category, []).append(part)
    opening = Share("", 0, sums.opening, redeemed.of(sums.opening), outstanding.of(sums.opening))
    return Shares(
        [(together(str(key.label), kept), kept) for key, kept in groups.items()], opening, sums.issued - whole
    )


def together(what: str, kept: Sequence[Share]) -> Share:
    return Share(
        what,
        *(sum(getattr(one, name) for one in kept) for name in ("times", "points", "redeemed", "outstanding")),
    )


class Parts:
    """``total`` handed out in the proportion of parts of ``whole``, one after the other."""

    def __init__(self, whole: int, total: int) -> None:
        self.whole, self.total = whole, total
        self.seen = self.told = 0

    def of(self, part: int) -> int:
        self.seen += part
        until = round(self.total * self.seen / self.whole) if self.whole else 0
        given, self.told = until - self.told, until
        return given


@dataclass(frozen=True, slots=True)
class Thanked:
    """One line of the sheet on the wall."""

    day: date
    whom: str
    what: str
    points: int


def thanked_in(areas: Iterable[int], since: datetime, until: datetime, called: Caller) -> Iterator[Thanked]:
    """In the order of days and of households; without whoever is not to be named (:data:`rules.QUIET`)."""
    rows = awards_in(areas, since, until).exclude(
        Q(function__category__in=sorted(QUIET)) | Q(claim__way=Way.ITSELF.value)
    )
    rows = rows.filter(household__isnull=False).select_related("claim__version", "household", "resident")
    there = [(row, whom_of(row)) for row in rows.order_by("happened_on", "household__number", "claim__number")]
    seen = [(row, whom) for row, whom in there if whom is not None]
    for (row, _whom), word in zip(seen, called([whom for _row, whom in seen]), strict=True):
        if word is not None:
            yield Thanked(row.happened_on, word, row.claim.version.name, row.points)


def whom_of(row: Award) -> Whom | None:
    """None for a household that the reader does not see any more: it has moved, and stands in the sums alone."""
    home: Any = row.household
    return home and Whom(row.resident_id, home.pk, row.resident.name if row.resident else "", home.number)
