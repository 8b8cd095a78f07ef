"""The search of the whole house: what each post finds, and what it must not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.matters.words import vector
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def found(cast: Cast, role: str, typed: str) -> str:
    answer = cast.client(role).post("/find/", {"text": typed})
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_search_finds_matters_and_households(cast: Cast) -> None:
    house = cast.household()
    cast.resident(house, name="陆建平")
    cast.matter(cast.own, title="陆建平家门口积水", search=vector("陆建平家门口积水"))
    page = found(cast, "cadre", "陆建平")
    assert f"/households/{house.pk}/" in page
    assert "陆建平家门口积水" in page


@pytest.mark.parametrize("role", ["leader", "analyst", "handler"])
def test_who_sees_no_household_finds_none(cast: Cast, role: str) -> None:
    house = cast.household()
    cast.resident(house, name="陆建平")
    assert str(house.pk) not in found(cast, role, "陆建平")


@pytest.mark.parametrize("role", ["liaison", "auditor", "operator"])
def test_where_no_room_finds_anything_no_search_is_offered(cast: Cast, role: str) -> None:
    client = cast.client(role)
    assert client.post("/find/", {"text": "陆建平"}).status_code == 404
    assert 'id="desk-find"' not in client.get("/", follow=True).content.decode()
    assert 'id="desk-find"' in cast.client("cadre").get("/").content.decode()


def test_nobody_finds_what_lies_elsewhere(cast: Cast) -> None:
    matter = cast.matter(cast.far, title="别处的事", search=vector("别处的事"))
    house = cast.household(cast.far)
    cast.resident(house, name="褚卫东")
    for typed in ("别处的事", matter.number, "褚卫东"):
        page = found(cast, "cadre", typed)
        assert str(matter.pk) not in page
        assert str(house.pk) not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_asks_as_much_for_one_row_as_for_three(cast: Cast, rows: int) -> None:
    for _n in range(rows):
        cast.resident(cast.household(), name="陆建平")
        cast.matter(cast.own, title="陆建平家", search=vector("陆建平家"))
    client = cast.client("cadre")
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.post("/find/", {"text": "陆建平"})
    assert len(asked) == 12, "\n".join(one["sql"][:120] for one in asked)


def test_nothing_typed_and_nothing_found_are_said_differently(cast: Cast) -> None:
    assert "没有找到" not in found(cast, "cadre", "  ")
    assert "没有找到" in found(cast, "cadre", "没有这样的人")
