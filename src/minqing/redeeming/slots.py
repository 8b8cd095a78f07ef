"""What this room adds to pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest

from minqing.doorstep.access.known import AtHome
from minqing.points.kinds import ids_among
from minqing.points.queries.people import Purse
from minqing.redeeming.queries import offered_in
from minqing.redeeming.queries.shops import near, words_of
from minqing.web.slots import drawn

SALE = "sale:"


def at_points(request: HttpRequest, about: tuple[AtHome, Sequence[Purse]]) -> str:
    """The code to be shown in a shop, what there is for points, and where."""
    known, purses = about
    has = max((one.holding.available for one in purses), default=0)
    context = {
        "token": known.door.token,
        "paying": [one for one in purses if one.holding.available],
        "items": [(one, has >= one.price, one.price - has) for one in offered_in(known.door.area_id)],
        "shops": near(known.door.area_id),
    }
    return drawn(request, "redeeming/parts/own.html", context)


def words(_request: HttpRequest, abouts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was had, for entries of the ledger that are about a sale."""
    ids = ids_among(abouts, SALE)
    return ((f"{SALE}{sale}", told) for sale, told in words_of(ids).items())
