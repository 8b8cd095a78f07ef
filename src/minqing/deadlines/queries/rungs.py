"""Who stands on a rung of the ladder, for one thing: whoever is told is there, and at the top there is somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from minqing.deadlines.enums import Rung
from minqing.org.enums import Role
from minqing.org.queries import accounts_of_unit, area_path, each_over

HEADS = frozenset({Role.UNIT_HEAD, Role.VILLAGE_SECRETARY, Role.CLERK})


@dataclass(frozen=True)
class Over:
    """Who answers for a place: at the nearest desk that sorts and at the one above it, leaders below the
    county, and its own.
    """

    desk: list[UUID]
    desk_above: list[UUID]
    leaders: list[UUID]
    top: list[UUID]


def over(area_id: int) -> Over:
    county = int(area_path(area_id).partition(".")[0] or 0)
    desks = [found for _area, found in each_over(area_id, {Role.CLERK})]
    leaders = each_over(area_id, {Role.LEADER})
    below = [found for area, found in leaders if area != county]
    top = [found for area, found in leaders if area == county]
    return Over(*[rows[0] if rows else [] for rows in (desks, desks[1:], below, top or below[-1:])])


def who_stands(rung: Rung, *, area_id: int, unit_id: int | None, waiting: bool) -> Iterable[UUID]:
    """Those who hear at ``rung`` of a thing of that place which ``unit_id`` has, or which is ``waiting`` for a unit.

    Nobody has what is waiting: those who sort there hear first, with the township's leaders, then the desk above
    theirs, then the county's leaders. Where a rung is empty the next one up hears.
    """
    if not waiting and rung is Rung.HEAD:
        return accounts_of_unit(unit_id, HEADS)
    place = over(area_id)
    if rung is Rung.CITY:
        return place.top or place.desk
    if not waiting:
        return [*place.desk, *place.leaders]
    if rung is Rung.HEAD:
        return [*place.desk, *place.leaders] or place.top
    return place.desk_above or place.top or place.desk
