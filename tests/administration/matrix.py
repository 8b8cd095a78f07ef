"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.org.enums import ChangeState, Role
from minqing.org.models import Area, AreaChange, Post
from tests.architecture.matrix import ALL, Line, fixed
from tests.architecture.reasons import FINDS_CHANGES
from tests.cast import Cast

OPERATOR = {Role.OPERATOR}
REACH = {"operator": ALL}


def an_area(_cast: Cast, area: Area) -> tuple[Any, ...]:
    return (area.pk,)


def a_change(cast: Cast, area: Area) -> tuple[Any, ...]:
    made = {"name": "旧名", "made_by": "user:1", "made_at": clock.now()}
    return (AreaChange.objects.create(kind="rename", state=ChangeState.DONE, area=area, **made).pk,)


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
    "administration:merge_area": Line(OPERATOR, at=an_area, reach=REACH),
    "administration:change": Line(OPERATOR, at=a_change, reach=REACH),
    "administration:undo_change": Line(OPERATOR, at=a_change, reach=REACH, post=True, ok=302),
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
    "administration:areas_table": Line(OPERATOR),
    "administration:table": Line(OPERATOR, at=fixed("units"), reach=REACH),
    "administration:units_table": Line(OPERATOR),
    "administration:people_table": Line(OPERATOR),
    "administration:end_post": Line(OPERATOR, at=a_post, reach=REACH),
}


def operators(cast: Cast, who: Any) -> Any:
    """The operator's browser, in the language of that one."""
    client, name = cast.client("operator"), settings.LANGUAGE_COOKIE_NAME
    client.cookies[name] = who.cookies[name].value
    return client


def a_table(cast: Cast, who: Any) -> Any:
    return operators(cast, who).get(reverse("administration:units_table"))


def a_sheet(cast: Cast, who: Any) -> Any:
    sent = {"request_id": str(new_id()), "pick": str(cast.account("cadre").pk), "pdf": "1"}
    return operators(cast, who).post(reverse("administration:passwords"), sent)


DOWNLOADS = {
    "organisation": ("administration/views/tables.py", a_table, (
        "单位-2026-11-29.xlsx", "單位-2026-11-29.xlsx", "Units-2026-11-29.xlsx")),
    "start passwords": ("administration/views/passwords.py", a_sheet, (
        "初始密码-2026-11-29.pdf", "初始密碼-2026-11-29.pdf", "Start passwords-2026-11-29.pdf")),
}  # fmt: skip
BY_OTHER_WAYS = {
    "administration:close_area": "of an area in which nothing is left",
    "administration:move_area": "of an area that has somewhere to go",
    "administration:merge_area": "of an area that has somewhere to go",
    "administration:change": "of an area that has changed",
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
