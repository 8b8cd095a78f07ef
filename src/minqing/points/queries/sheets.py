"""What stands on the sheet that a village posts, as far as the ledger knows it; and how people are called there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.enums import Level
from minqing.org.queries import areas_below, areas_seen, system_actor
from minqing.points.enums import Naming, Wish
from minqing.points.kinds import Sheet, Whom
from minqing.points.models import Holder, VillageSheet
from minqing.points.rules import CHILD, called, may_be_named
from minqing.privacy.access import acting_as, braces

# what was given back is not told of; the name of a shop far away is not seen
REDEEMED: Final = """
    SELECT coalesce(there.name, ''), count(*), sum(t.amount)::bigint
    FROM points_holder h
    JOIN points_transfer t ON t.debit_id = h.account_id
    LEFT JOIN points_holder there ON there.account_id = t.credit_id
    WHERE h.area_id = ANY(%s::int[]) AND t.code = 'redeem' AND t.posted_at >= %s AND t.posted_at < %s
        AND NOT EXISTS (SELECT 1 FROM points_reversal r WHERE r.transfer_id = t.id)
    GROUP BY 1 ORDER BY 1
"""
MONTHS_BACK: Final = 12


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What was had in one place."""

    where: str
    times: int
    points: int


def redeemed_in(areas: Iterable[int], since: datetime, until: datetime) -> list[Redeemed]:
    with connection.cursor() as cursor:
        cursor.execute(REDEEMED, [braces(frozenset(areas)) or "{}", since, until])
        return [Redeemed(*row) for row in cursor.fetchall()]


def villages_of(actor: Actor) -> list[Any]:
    return [one for one in areas_seen(actor) if one.level == Level.VILLAGE]


def village_for(actor: Actor, area_id: int) -> Any:
    """Raises NotFound for what is no village of the actor's."""
    found = next((one for one in villages_of(actor) if one.id == area_id), None)
    if found is None:
        raise NotFound("village")
    return found


def sheet_of(actor: Actor, village: Any, month: date) -> Sheet:
    """What the sheet is of. What somebody wished about it is read once for a whole list."""
    areas = areas_below([village.path]) & actor.areas
    naming = naming_as(stored_naming(village.id))

    def named(people: Sequence[Whom]) -> list[str | None]:
        wishes, children = wishes_of({one.resident or one.household for one in people})
        return [
            called(
                naming,
                wishes.get(one.resident or one.household, Wish.USUAL),
                name=one.name if one.resident and one.resident not in children else "",
                number=one.number,
            )
            for one in people
        ]

    since, until = clock.midnight(month), clock.midnight(next_month(month))
    return Sheet(village.name, frozenset(areas), month, since, until, named)


def wishes_of(people: Collection[UUID]) -> tuple[Mapping[UUID, Wish], Collection[UUID]]:
    """By person or household, of those who said anything, and which are children; whoever has moved out of sight is
    still to be left out.
    """
    if not people:
        return {}, ()
    today = clock.today()
    with acting_as(system_actor("points.sheet")):
        whose = Q(resident__in=people) | Q(household__in=people)
        told = ~Q(wish=Wish.USUAL.value) | Q(resident__born_on__gte=date(today.year - CHILD - 1, 1, 1))
        rows = list(
            Holder.objects.filter(whose & told).values_list("resident", "household", "wish", "resident__born_on")
        )
    wishes = {resident or household: Wish(wish) for resident, household, wish, _born in rows if resident or household}
    return wishes, {resident for resident, _home, _wish, born in rows if resident and not may_be_named(born, today)}


def stored_naming(area_id: int) -> VillageSheet | None:
    return VillageSheet.objects.filter(pk=area_id).first()


def naming_as(stored: VillageSheet | None) -> Naming:
    return Naming(stored.naming) if stored else Naming.SURNAME


def months_back() -> list[date]:
    """This month and those before it, of which there may be a sheet."""
    now = clock.today()
    months = [now.year * 12 + now.month - 1 - back for back in range(MONTHS_BACK)]
    return [date(one // 12, one % 12 + 1, 1) for one in months]


def month_in(text: str) -> date | None:
    """``2026-11`` as one of them."""
    return next((one for one in months_back() if f"{one:%Y-%m}" == text), None)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
