"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.org.enums import Role
from minqing.org.models import Area
from tests.architecture.matrix import ALL, Line
from tests.architecture.reasons import FINDS_CHANGES
from tests.cast import Cast

OPERATOR = {Role.OPERATOR}
REACH = {"operator": ALL}


def an_area(_cast: Cast, area: Area) -> tuple[Any, ...]:
    return (area.pk,)


def a_unit(cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (cast.committee.pk,)


LINES = {
    "administration:areas": Line(OPERATOR),
    "administration:add_city": Line(OPERATOR),
    "administration:area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:add_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:rename_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:move_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:close_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:reopen_area": Line(OPERATOR, at=an_area, reach=REACH, post=True, ok=302),
    "administration:units": Line(OPERATOR),
    "administration:add_unit": Line(OPERATOR),
    "administration:unit": Line(OPERATOR, at=a_unit, reach=REACH),
    "administration:close_unit": Line(OPERATOR, at=a_unit, reach=REACH, post=True, ok=302),
    "administration:reopen_unit": Line(OPERATOR, at=a_unit, reach=REACH, post=True, ok=302),
}
BY_OTHER_WAYS = {
    "administration:add_city": "offered where there is no area at all",
}
ADDS = {"AreaForm"}
BY_SERVICE = {
    "administration.forms.areas.AreaForm": "org.services.tree.add_area",
    "administration.forms.areas.RenameForm": FINDS_CHANGES,
    "administration.forms.units.UnitForm": "org.services.units.add_unit",
    "administration.forms.units.ChangeUnitForm": FINDS_CHANGES,
}
