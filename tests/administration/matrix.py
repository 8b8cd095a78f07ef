"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.org.enums import Role
from minqing.org.models import Area, Post
from tests.architecture.matrix import ALL, Line
from tests.architecture.reasons import FINDS_CHANGES
from tests.cast import Cast

OPERATOR = {Role.OPERATOR}
REACH = {"operator": ALL}


def an_area(_cast: Cast, area: Area) -> tuple[Any, ...]:
    return (area.pk,)


def a_unit(cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (cast.committee.pk,)


def a_person(cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (cast.account("cadre").pk,)


def a_post(cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (Post.objects.get(account=cast.account("cadre")).pk,)


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
    "administration:people": Line(OPERATOR),
    "administration:add_person": Line(OPERATOR),
    "administration:passwords": Line(OPERATOR, ok=404),
    "administration:person": Line(OPERATOR, at=a_person, reach=REACH),
    "administration:change_person": Line(OPERATOR, at=a_person, reach=REACH),
    "administration:give_post": Line(OPERATOR, at=a_person, reach=REACH),
    "administration:switch_off": Line(OPERATOR, at=a_person, reach=REACH, post=True, ok=302),
    "administration:switch_on": Line(OPERATOR, at=a_person, reach=REACH, post=True, ok=302),
    "administration:end_post": Line(OPERATOR, at=a_post, reach=REACH),
}
BY_OTHER_WAYS = {
    "administration:passwords": "offered with the ids of those who are ticked",
    "administration:add_city": "offered where there is no area at all",
}
ADDS = {"AreaForm", "PersonForm", "PostForm", "PasswordsForm"}
BY_SERVICE = {
    "administration.forms.areas.AreaForm": "org.services.tree.add_area",
    "administration.forms.areas.RenameForm": FINDS_CHANGES,
    "administration.forms.units.UnitForm": "org.services.units.add_unit",
    "administration.forms.people.PersonForm": "org.services.staff.add_person",
    "administration.forms.people.PostForm": "org.services.staff.give_post",
    "administration.forms.people.PasswordsForm": "org.services.staff.give_start_passwords",
    "administration.forms.people.ChangePersonForm": FINDS_CHANGES,
    "administration.forms.people.EndForm": FINDS_CHANGES,
}
