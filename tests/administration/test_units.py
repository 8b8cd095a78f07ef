"""The operator's pages of units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from minqing.administration.forms.hours import hours_from, hours_text
from minqing.journal.models import Event
from minqing.org.enums import UnitKind
from minqing.org.models import Unit
from tests.administration.conftest import carried, send
from tests.cast import Cast

Events = Callable[[str], list[Event]]


def address(name: str, *arguments: Any) -> str:
    return reverse(f"administration:{name}", args=arguments)


@pytest.mark.parametrize("units", [1, 3])
def test_the_list_asks_as_often_for_many_units(cast: Cast, units: int, django_assert_num_queries: Any) -> None:
    for n in range(units):
        Unit.objects.create(code=f"X{n}", name=f"某单位{n}", kind=UnitKind.SERVICE, area=cast.own)
    client = cast.client("operator")
    client.get(address("units"))
    with django_assert_num_queries(8):
        client.get(address("units"))


def test_the_list_is_narrowed_by_words_place_and_use(cast: Cast) -> None:
    client = cast.client("operator")
    Unit.objects.filter(pk=cast.bureau.pk).update(active=False)

    def names(**asked: Any) -> str:
        page = client.get(address("units"), asked).content.decode()
        return page.partition("<tbody")[2].partition("</tbody>")[0]

    assert cast.office.name in names(area=cast.town.pk)
    assert cast.committee.name in names(area=cast.town.pk)
    assert "甘霖镇综合服务办" not in names(area=cast.town.pk)
    assert cast.bureau.name not in names()
    assert cast.bureau.name in names(closed="on")
    assert cast.office.name not in names(q="U3")


def test_a_new_unit_with_its_own_hours(cast: Cast, events: Events) -> None:
    words = {
        "code": "U9", "name": "水务站", "kind": "service", "area": cast.town.pk, "phone": "0575-86000001",
        "hours": "08：00-11:30, 14:00-17:00",
    }  # fmt: skip
    client = cast.client("operator")
    assert send(client, address("add_unit"), **words).status_code == 302
    unit = Unit.objects.get(code="U9")
    assert unit.hours == [["08:00", "11:30"], ["14:00", "17:00"]]
    assert [one.type for one in events("org.unit")] == ["org.unit.created"]
    again = send(client, address("add_unit"), **words | {"name": "别的站"})
    assert again.status_code == 422
    assert "已经有别的单位在用" in again.content.decode()
    unit.refresh_from_db()
    assert unit.name == "水务站"


def test_hours_that_are_none_are_refused_beside_their_field(cast: Cast) -> None:
    words = {"code": "U9", "name": "水务站", "kind": "service", "area": cast.town.pk, "hours": "上午"}
    answer = send(cast.client("operator"), address("add_unit"), **words)
    assert answer.status_code == 422
    assert "08:30-12:00" in answer.context["form"].errors["hours"][0]


@pytest.mark.parametrize("text", ["", "08:00-12:00", "08:00-12:00 14:00-17:00", "00:00-24:00 每天"])
def test_hours_are_shown_as_they_are_typed(text: str) -> None:
    assert hours_text(hours_from(text)) == text


@pytest.mark.fault(81)
def test_a_change_stands_and_a_stale_one_is_shown_what_stands(cast: Cast) -> None:
    client, where = cast.client("operator"), address("unit", cast.committee.pk)
    stale = carried(client.get(where).content.decode())
    words = {"name": "村委会", "kind": "village", "area": cast.own.pk, "phone": "0575-86000001", "hours": ""}
    assert send(client, where, **words).status_code == 302
    answer = client.post(where, stale | words | {"name": "居委会", "phone": "0575-86000002"})
    assert answer.status_code == 409
    # both texts, to choose from
    for number in ("0575-86000001", "0575-86000002"):
        assert number in answer.content.decode()
    assert Unit.objects.get(pk=cast.committee.pk).name == "村委会"


@pytest.mark.parametrize("state", ["received", "accepted"])
def test_a_unit_with_matters_in_hand_stays_in_use(cast: Cast, state: str, events: Events) -> None:
    matter = cast.matter(state=state, lead_unit=cast.bureau)
    client = cast.client("operator")
    page = client.get(address("unit", cast.bureau.pk)).content.decode()
    assert "先把在办的事交给别的单位" in page
    assert address("close_unit", cast.bureau.pk) not in page
    assert matter.number not in page
    press = carried(client.get(address("unit", cast.committee.pk)).content.decode())
    assert press
    answer = client.post(address("close_unit", cast.bureau.pk))
    assert answer.status_code == 403
    assert Unit.objects.get(pk=cast.bureau.pk).active
    assert events("org.unit") == []


def test_a_unit_with_nothing_in_hand_goes_out_of_use_and_comes_back(cast: Cast, events: Events) -> None:
    client = cast.client("operator")
    for name, active in (("close_unit", False), ("reopen_unit", True)):
        assert client.post(address(name, cast.committee.pk)).status_code == 302
        assert Unit.objects.get(pk=cast.committee.pk).active is active
    assert [one.type for one in events("org.unit")] == ["org.unit.closed", "org.unit.reopened"]
