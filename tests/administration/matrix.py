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


LINES = {
    "administration:areas": Line(OPERATOR),
    "administration:add_city": Line(OPERATOR),
    "administration:area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:add_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:rename_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:move_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:close_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:reopen_area": Line(OPERATOR, at=an_area, reach=REACH, post=True, ok=302),
}
BY_OTHER_WAYS = {
    "administration:add_city": "offered where there is no area at all",
}
ADDS = {"AreaForm"}
BY_SERVICE = {
    "administration.forms.AreaForm": "org.services.tree.add_area",
    "administration.forms.RenameForm": FINDS_CHANGES,
}
