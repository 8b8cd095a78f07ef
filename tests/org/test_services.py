"""Making and changing areas, units, accounts, posts and working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.journal.models import Event
from minqing.org import services
from minqing.org.enums import Level, Role, UnitKind
from minqing.org.models import Account, Area, Post, WorkDay
from minqing.org.queries import areas_below, work_calendar
from tests.cast import Cast

Events = Callable[[str], list[Event]]
BY = Actor.system("import")


def test_an_area_is_made_changed_and_left_alone_with_one_event_each(cast: Cast, events: Events) -> None:
    values: dict[str, Any] = {"code": "G1", "level": Level.GRID, "parent": cast.own, "by": BY}
    grid, outcome = services.save_area(name="第一网格", **values)
    assert (outcome, grid.path) == ("created", f"{cast.own.path}{grid.id}.")
    assert services.save_area(name="第一网格", **values)[1] == "unchanged"
    assert services.save_area(name="一号网格", **values)[1] == "updated"
    told = [(event.type, event.data["fields"]) for event in events("org.area")]
    assert told[1] == ("org.area.updated", ["name"])
    assert len(told) == 2
    assert "网格" not in str([event.data for event in events("org.area")])


def test_a_moved_area_takes_everything_under_it_along(cast: Cast) -> None:
    grid, _ = services.save_area(code="G1", name="网格", level=Level.GRID, parent=cast.own, by=BY)
    services.save_area(code="V1", name="棠溪村", level=Level.VILLAGE, parent=cast.other_town, by=BY)
    cast.own.refresh_from_db()
    grid.refresh_from_db()
    assert cast.own.path == f"{cast.other_town.path}{cast.own.id}."
    assert grid.path == f"{cast.own.path}{grid.id}."
    assert {cast.own.id, grid.id} <= areas_below([cast.other_town.path])
    assert not {cast.own.id, grid.id} & areas_below([cast.town.path])


def test_a_neighbour_whose_id_begins_alike_does_not_move_along(cast: Cast) -> None:
    like = Area.objects.create(id=cast.own.id * 10, code="L", name="甲", level=Level.VILLAGE, parent=cast.town)
    Area.objects.filter(id=like.id).update(path=f"{cast.town.path}{like.id}.")
    services.save_area(code="V1", name="棠溪村", level=Level.VILLAGE, parent=cast.other_town, by=BY)
    like.refresh_from_db()
    assert like.path == f"{cast.town.path}{like.id}."


def test_an_area_lies_neither_in_itself_nor_in_a_lower_one(cast: Cast) -> None:
    with pytest.raises(Refused, match="wrong_level"):
        services.save_area(code="T1", name="石璜镇", level=Level.TOWNSHIP, parent=cast.own, by=BY)
    with pytest.raises(Refused, match="wrong_level"):
        services.save_area(code="X", name="无上级", level=Level.VILLAGE, parent=None, by=BY)
    # the level is wrong already, so that only the tree itself is left to object
    Area.objects.filter(id=cast.own.id).update(level=Level.CITY)
    cast.own.refresh_from_db()
    with pytest.raises(Invalid, match="area_inside_itself"):
        services.save_area(code="T1", name="石璜镇", level=Level.TOWNSHIP, parent=cast.own, by=BY)


def test_a_unit_is_dissolved_by_becoming_inactive(cast: Cast) -> None:
    values: dict[str, Any] = {"code": "U9", "name": "水务站", "kind": UnitKind.SERVICE, "area": cast.town, "by": BY}
    unit, outcome = services.save_unit(**values)
    assert (outcome, unit.active) == ("created", True)
    assert services.save_unit(active=False, **values)[1] == "updated"
    assert services.save_unit(**values)[1] == "unchanged"


def test_an_imported_account_cannot_sign_in_until_it_gets_a_password(cast: Cast, events: Events) -> None:
    account, outcome = services.save_account(staff_number="330683001", name="韩梅", phone="13800138000", by=BY)
    assert (outcome, account.username, account.has_usable_password()) == ("created", "330683001", False)
    again, outcome = services.save_account(staff_number="330683001", name="韩梅", phone="13800138000", by=BY)
    assert (outcome, again.id) == ("unchanged", account.id)
    services.set_password(account=account, password="a-long-pass-phrase", by=BY)
    assert Account.objects.get(id=account.id).check_password("a-long-pass-phrase")
    # an import does not take the password away again
    services.save_account(staff_number="330683001", name="韩梅梅", by=BY)
    kept = Account.objects.get(id=account.id)
    assert kept.has_usable_password()
    assert kept.phone == "13800138000"
    assert "13800138000" not in str([event.data for event in events("org.account")])


def test_a_user_name_of_somebody_else_is_not_taken_over(cast: Cast) -> None:
    with pytest.raises(Conflict, match="username_taken"):
        services.save_account(staff_number="330683002", username="clerk", name="假冒", by=BY)
    with pytest.raises(Invalid, match="no_key"):
        services.save_account(name="无名", by=BY)
    for blank in ("zhang san", "zhangsan ", "张\u3000三"):
        with pytest.raises(Invalid, match="username_blank"):
            services.save_account(username=blank, name="张三", by=BY)


def test_weak_passwords_are_refused(cast: Cast) -> None:
    for weak in ("short", "1234567890", "password123"):
        with pytest.raises(Invalid, match="weak_password"):
            services.set_password(account=cast.account("cadre"), password=weak, by=BY)


def test_a_post_is_given_once_and_ended_at_once(cast: Cast, events: Events) -> None:
    values: dict[str, Any] = {
        "account": cast.account("cadre"), "unit": cast.office, "area": cast.town, "role": Role.CLERK, "by": BY,
    }  # fmt: skip
    post, outcome = services.save_post(**values)
    assert outcome == "created"
    assert services.save_post(**values) == (post, "unchanged")
    assert services.save_post(title="综合岗", **values)[1] == "updated"
    ended = services.end_post(post=post, by=BY)
    assert ended.until == clock.today() - timedelta(days=1)
    services.end_post(post=post, by=BY)
    assert [event.type for event in events("org.post")] == [
        "org.post.created", "org.post.updated", "org.post.ended",
    ]  # fmt: skip
    # who comes back gets a new post; the old one stays history
    assert services.save_post(**values)[1] == "created"
    assert Post.objects.filter(account=cast.account("cadre"), role=Role.CLERK).count() == 2


@pytest.mark.fault(49)
def test_the_operator_s_word_on_a_day_holds_until_taken_back(cast: Cast) -> None:
    saturday = date(2026, 11, 28)
    assert not work_calendar().is_working_day(saturday)
    assert services.set_work_day(on=saturday, working=True, by=BY)[1] == "created"
    assert services.set_work_day(on=saturday, working=True, by=BY)[1] == "unchanged"
    assert work_calendar().is_working_day(saturday)
    services.load_work_days(by=BY)
    assert WorkDay.objects.get(date=saturday).source == "operator"
    services.clear_work_day(on=saturday, by=BY)
    assert not work_calendar().is_working_day(saturday)


def test_only_the_operator_changes_the_organisation(cast: Cast) -> None:
    account, post = cast.account("cadre"), Post.objects.get(account=cast.account("handler"))
    for role in (role.value for role in Role if role is not Role.OPERATOR):
        by = cast.actor(role)
        for write in (
            lambda by: services.save_area(code="C", name="x", level=Level.CITY, parent=None, by=by),
            lambda by: services.save_unit(code="U1", name="x", kind=UnitKind.OFFICE, area=cast.town, by=by),
            lambda by: services.save_account(username="x", name="x", by=by),
            lambda by: services.save_post(account=account, unit=cast.office, area=cast.town, role=Role.CLERK, by=by),
            lambda by: services.end_post(post=post, by=by),
            lambda by: services.set_password(account=account, password="a-long-pass-phrase", by=by),
            lambda by: services.set_work_day(on=date(2026, 1, 1), working=True, by=by),
            lambda by: services.clear_work_day(on=date(2026, 1, 1), by=by),
        ):
            with pytest.raises(Refused, match="not_operator"):
                write(by)
    assert services.save_unit(code="U1", name="x", kind=UnitKind.OFFICE, area=cast.town, by=cast.actor("operator"))


def test_nobody_switches_off_their_own_account(cast: Cast) -> None:
    operator = cast.account("operator")
    with pytest.raises(Refused, match="own_account"):
        services.save_account(username="operator", name=operator.name, is_active=False, by=cast.actor("operator"))
    operator.refresh_from_db()
    assert operator.is_active
