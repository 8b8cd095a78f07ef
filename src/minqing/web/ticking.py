"""Many rows at once: all that a filter finds, ticked; and what is sent of many, a piece of it in each request.

What is ticked as a whole is ticked row by row, as each stands at that moment: what changes afterwards is told as with
a tick of one's own, and what comes afterwards is not among it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from minqing.web.paging import Page, Total

WHOLE: Final = "whole"
"""The word of a list's address that ticks all of it, and the field with what was ticked so."""
PLACE: Final = "whole"
"""The id of the element that holds the field."""
AT_ONCE: Final = 50
"""So many in one request, each of which ends with its own transaction."""


class Whole(NamedTuple):
    """All rows that a list has to be ticked: how many, the address that ticks them, and what is ticked so by now."""

    url: str
    total: Total
    picks: Sequence[str] = ()


def whole_of(
    request: HttpRequest, rows: Any, picks: Callable[[Any], Sequence[str]], *, most: int, page: Page, boxes: int
) -> Whole:
    """Of ``rows``, in their order, the first ``most``; ``boxes`` of them stand on the ``page``.

    It costs a statement where there are several pages, or where all are ticked.
    """
    query = request.GET.copy()
    asked = query.pop(WHOLE, None)
    query.pop("page", None)
    query[WHOLE] = "1"
    url = f"{request.path}?{query.urlencode()}"
    if asked:
        ticked = picks(rows[:most])
        return Whole(url, Total(len(ticked)), ticked)
    if page.number == 1 and not page.has_next:
        return Whole(url, Total(boxes))
    number = rows.order_by().values("pk")[: most + 1].count()
    return Whole(url, Total(min(number, most), number > most))


def wants_whole(request: HttpRequest) -> bool:
    """Whether HTMX asks for nothing but the field with what is ticked as a whole."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == PLACE and WHOLE in request.GET


def ticked_whole(request: HttpRequest, rows: Any, picks: Callable[[Any], Sequence[str]], *, most: int) -> HttpResponse:
    """The answer to it: the first ``most`` of ``rows``, each as it stands now. One statement."""
    return render(request, "web/parts/whole.html", {"picks": picks(rows[:most])})


def ticked_in(data: QueryDict) -> list[str]:
    """What boxes sent, and what was ticked as a whole.

    Where there is a whole, a box says again what is in it, maybe of a newer page, and comes first. One that is not in
    it is of a page beyond the most: the bar has not counted it.
    """
    boxes, whole = data.getlist("pick"), " ".join(data.getlist(WHOLE)).split()
    ids = {row_of(one) for one in whole}
    return [*(one for one in boxes if not whole or row_of(one) in ids), *whole]


def row_of(pick: str) -> str:
    """The row that a box is of: what stands before the first dot."""
    return pick.partition(".")[0]


@dataclass(frozen=True)
class Batch:
    """A piece of what was sent: the picks of this request, those still to come, and which went of the pieces before.

    ``of`` is how many there were at first. The next request carries all of it (``web/parts/going_on.html``).
    """

    now: Sequence[str]
    later: Sequence[str]
    gone: Sequence[str]
    of: int

    @classmethod
    def of_sent(cls, data: Mapping[str, Any], picks: Sequence[str]) -> Batch:
        """``picks`` in the order in which all who send several take them."""
        of = data.get("of", "")
        number = int(of) if of.isascii() and of.isdigit() and len(of) < 5 else 0
        return cls(picks[:AT_ONCE], picks[AT_ONCE:], data.get("gone", "").split(), max(number, len(picks)))

    @property
    def done(self) -> int:
        return self.of - len(self.later)

    @property
    def rest(self) -> str:
        return " ".join(self.later)
