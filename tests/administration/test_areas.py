"""The operator's pages of areas: what is shown of one, and what is shown and refused before it is changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.journal.models import Event
from minqing.org.enums import Level
from minqing.org.models import Area, Boundary, Post
from tests.administration.conftest import carried, send
from tests.cast import Cast, area

Events = Callable[[str], list[Event]]
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.1, 29.1], [120.2, 29.1], [120.2, 29.2], [120.1, 29.2], [120.1, 29.1]]],
}


def address(name: str, *arguments: Any) -> str:
    return reverse(f"administration:{name}", args=arguments)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def test_the_tree_opens_the_way_to_the_area_and_counts_its_people(cast: Cast) -> None:
    Boundary.objects.create(area=cast.own, geometry=SQUARE)
    cast.resident(cast.household())
    cast.matter()
    page = cast.client("operator").get(address("area", cast.own.pk)).content.decode()
    told = words(page)
    # its own township is open, another one is not
    assert cast.other.name in told
    assert cast.far.name not in told
    for told_of in ("村（社）书记 钱国平", "在册户 1", "在册人口 1", "未办结事项 1", "上级区域 石璜镇"):
        assert told_of in told, told_of
    assert re.search(r'<path class="area [^>]* d="M[\d. L]+z"', page)
    # counts are all that an operator is told of households
    assert "张桂芬" not in page


@pytest.mark.parametrize("villages", [1, 3])
def test_the_tree_asks_the_database_as_often_for_many_areas(
    cast: Cast, villages: int, django_assert_num_queries: Any
) -> None:
    for n in range(villages):
        area(f"X{n}", f"某村{n}", Level.VILLAGE, cast.town)
    client = cast.client("operator")
    client.get(address("area", cast.town.pk))
    with django_assert_num_queries(38):
        client.get(address("area", cast.town.pk))


def test_a_new_village_gets_its_place_and_its_code_is_its_own(cast: Cast, events: Events) -> None:
    client = cast.client("operator")
    answer = send(client, address("add_area", cast.town.pk), name=" 新村 ", level="village", code="V9")
    made = Area.objects.get(code="V9")
    assert answer["Location"] == address("area", made.pk)
    assert (made.name, made.path) == ("新村", f"{cast.town.path}{made.pk}.")
    assert [one.type for one in events("org.area")] == ["org.area.created"]
    again = send(client, address("add_area", cast.town.pk), name="别的村", level="village", code="V9")
    assert again.status_code == 422
    assert "这个编码已经有别的区域在用" in again.content.decode()
    assert Area.objects.get(code="V9").name == "新村"


def test_the_same_form_sent_twice_adds_one_area(cast: Cast) -> None:
    client, where = cast.client("operator"), address("add_area", cast.town.pk)
    sent = carried(client.get(where).content.decode()) | {"name": "新村", "level": "village", "code": "V9"}
    first, second = client.post(where, sent), client.post(where, sent)
    assert first["Location"] == second["Location"]
    assert Area.objects.filter(code="V9").count() == 1


def test_a_new_name_stands_everywhere_and_a_stale_form_shows_it(cast: Cast, events: Events) -> None:
    client, where = cast.client("operator"), address("rename_area", cast.own.pk)
    stale = carried(client.get(where).content.decode())
    assert send(client, where, name="新棠溪村").status_code == 302
    assert Area.objects.get(pk=cast.own.pk).name == "新棠溪村"
    assert [one.type for one in events("org.area")] == ["org.area.renamed"]
    answer = client.post(where, stale | {"name": "老棠溪村"})
    assert answer.status_code == 409
    assert "新棠溪村" in answer.content.decode()
    assert Area.objects.get(pk=cast.own.pk).name == "新棠溪村"


def test_a_move_is_shown_before_it_is_made(cast: Cast, events: Events) -> None:
    grid = area("G1", "第1网格", Level.GRID, cast.own)
    cast.resident(cast.household())
    client, where = cast.client("operator"), address("move_area", cast.own.pk)
    preview = client.get(where, {"parent": cast.other_town.pk}).content.decode()
    told = words(preview)
    # 孙丽华 and 褚卫东 of the one township, 周文斌 of the other
    assert "今后看不到它的人 2" in told
    assert "今后新看得到它的人 1" in told
    assert "在册户 1" in told
    assert Area.objects.get(pk=cast.own.pk).parent_id == cast.town.pk
    assert client.post(where, carried(preview) | {"parent": cast.other_town.pk}).status_code == 302
    assert Area.objects.get(pk=grid.pk).path == f"{cast.other_town.path}{cast.own.pk}.{grid.pk}."
    (event,) = events("org.area")
    assert (event.type, event.data) == ("org.area.moved", {"from": cast.town.pk, "to": cast.other_town.pk})
    # the clerk of the other township is who sees it now
    assert cast.own.pk in cast.actor("far_clerk").areas
    assert cast.own.pk not in cast.actor("clerk").areas


def test_an_area_is_not_hung_where_its_level_or_its_city_does_not_fit(cast: Cast) -> None:
    abroad = area("C2", "别的市", Level.CITY, None)
    client, where = cast.client("operator"), address("move_area", cast.own.pk)
    for parent in (cast.other, abroad, cast.own):
        assert client.get(where, {"parent": parent.pk}).status_code == 422, parent.name
    offered = client.get(where).content.decode()
    assert cast.other_town.name in offered
    assert abroad.name not in offered


def test_an_area_is_closed_once_nobody_and_nothing_is_in_it(cast: Cast, events: Events) -> None:
    client, where = cast.client("operator"), address("close_area", cast.far.pk)
    cast.household(cast.far)
    told = words(client.get(where).content.decode())
    assert "先结束里面的岗位" in told
    assert "先把里面的户迁到别的区域" in told
    stands = carried(client.get(address("close_area", cast.other_town.pk)).content.decode())
    assert stands == {}, "no button where it may not be"
    village = area("V9", "空村", Level.VILLAGE, cast.town)
    assert send(client, address("close_area", village.pk)).status_code == 302
    village.refresh_from_db()
    assert village.valid_to == clock.today()
    closed = client.get(address("area", village.pk)).content.decode()
    assert "重新启用" in closed
    assert client.post(address("reopen_area", village.pk), carried(closed)).status_code == 302
    village.refresh_from_db()
    assert village.valid_to is None
    assert [one.type for one in events("org.area")] == ["org.area.closed", "org.area.reopened"]


def test_what_came_in_meanwhile_holds_up_the_closing(cast: Cast) -> None:
    village = area("V9", "空村", Level.VILLAGE, cast.town)
    client, where = cast.client("operator"), address("close_area", village.pk)
    sent = carried(client.get(where).content.decode())
    cast.household(village)
    answer = client.post(where, sent)
    assert answer.status_code == 403
    assert "先把里面的户迁到别的区域" in answer.content.decode()
    village.refresh_from_db()
    assert village.valid_to is None


def test_a_post_that_has_ended_holds_up_nothing(cast: Cast) -> None:
    Post.objects.filter(area=cast.far).update(until="2026-01-01")
    assert send(cast.client("operator"), address("close_area", cast.far.pk)).status_code == 302
