"""Pages without COUNT(*): one row more than the page is read to know whether there is a next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest

LAST_PAGE = 50
"""OFFSET reads and throws away; nobody leafs through 2,500 rows. The pager says: narrow the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of one page. Iterate it; give it to ``web/parts/pager.html`` as ``page``."""

    rows: Sequence[Any]
    number: int
    size: int
    has_next: bool
    capped: bool
    next_url: str
    previous_url: str

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first(self) -> int:
        """Number of the first row, counted from 1; 0 when the page is empty."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows) if self.rows else 0

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has: exact up to a limit, and beyond it "1000+"."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.more else str(self.number)


COUNTED = 1000


def total_of(rows: QuerySet[Any, Any], page: Page, most: int = COUNTED) -> Total:
    """For lists that say how many there are. It costs a statement only where ``page`` is not the last one."""
    if not page.has_next and not page.capped and (page.rows or page.number == 1):
        return Total(page.last)
    number = rows.order_by().values("pk")[: most + 1].count()
    return Total(min(number, most), number > most)


class Cut(Protocol):
    """A sequence, or what makes one of the rows between two places."""

    def __getitem__(self, cut: slice, /) -> Iterable[object]: ...


def page_of(
    queryset: QuerySet[Any, Any] | Cut,
    request: HttpRequest,
    size: int = 50,
    *,
    parameter: str = "page",
    path: str = "",
) -> Page:
    """Cut `queryset` (which must have a total order) at ``?page=``; links keep all other parameters.

    ``path`` is the address of the page where it also answers what is sent to another.
    """
    number = _asked_number(request.GET.get(parameter, ""))
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    more = len(rows) > size
    return Page(
        rows=rows[:size],
        number=number,
        size=size,
        has_next=more and number < LAST_PAGE,
        capped=more and number >= LAST_PAGE,
        next_url=_link(request, parameter, number + 1, path),
        previous_url=_link(request, parameter, number - 1, path),
    )


def _asked_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        return 1
    # a very long digit string would be refused by int(); it means 'far beyond the end' all the same
    return min(max(int(text[:9]), 1), LAST_PAGE)


def _link(request: HttpRequest, parameter: str, number: int, path: str) -> str:
    query = request.GET.copy()
    query.pop(parameter, None)
    if number > 1:
        query[parameter] = str(number)
    return f"{path}?{query.urlencode()}" if query else path or request.path
