"""What a phone holds: the same content as the server, whatever was lost on the way, committed late or restored."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from minqing.core.ids import digest
from minqing.households.models import Household
from minqing.sync.models import Shelf
from minqing.sync.services import shelves
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import EXCHANGE, Phone

pytestmark = pytest.mark.django_db


def keys(*homes: Any) -> set[str]:
    return {f"visits.home:{one.pk}" for one in homes}


def test_a_phone_holds_the_households_in_its_owners_care_with_what_a_diary_needs(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house = home(name="单秀英")
    home(who="village_secretary")
    token = cast.code(house)
    phone.exchange()
    assert set(phone.held) == keys(house)
    (parcel,) = phone.held.values()
    (person,) = parcel.pop("members")
    assert set(parcel) == {"id", "number", "address", "area", "due_on", "last_visit_at", "code"}
    # by which the phone knows the plate again, and makes none
    assert parcel["code"] == digest(token)[:16]
    assert (person["name"], set(person)) == ("单秀英", {"id", "name", "label", "pinyin", "lives_here"})


def test_nothing_is_told_twice_and_what_changed_is(cast: Cast, phone: Phone, home: Home) -> None:
    house, _other = home(), home()
    phone.exchange()
    assert phone.exchange()["pull"]["parcels"] == {}
    with cast.everything():
        Household.objects.filter(pk=house.pk).update(address="新屋5号")
    assert set(phone.exchange()["pull"]["parcels"]) == keys(house)
    assert phone.held[f"visits.home:{house.pk}"]["address"] == "新屋5号"


@pytest.mark.case("A5")
def test_a_change_that_is_committed_late_or_is_of_another_time_arrives(cast: Cast, phone: Phone, home: Home) -> None:
    """Nothing is ordered by a time: what was changed before the last pull and is seen after it comes all the same."""
    late, early = home(), home()
    phone.exchange()
    for house, changed in ((late, "2020-01-01T00:00:00+08:00"), (early, "2030-01-01T00:00:00+08:00")):
        with cast.everything():
            Household.objects.filter(pk=house.pk).update(address="新屋5号", changed_at=changed)
        assert set(phone.exchange()["pull"]["parcels"]) == keys(house)
    assert phone.exchange()["pull"]["parcels"] == {}


def test_an_answer_that_was_lost_is_made_up_for(phone: Phone, home: Home) -> None:
    first = home()
    phone.exchange()
    second = home()
    phone.post(EXCHANGE, phone.message([]))
    third = home()
    told = phone.exchange()
    assert not told["pull"]["anew"]
    assert set(told["pull"]["parcels"]) == keys(second, third)
    assert set(phone.held) == keys(first, second, third)


@pytest.mark.case("A28")
@pytest.mark.case("A6")
def test_a_phone_whose_shelf_the_server_does_not_know_begins_anew_and_loses_nothing(phone: Phone, home: Home) -> None:
    """As after a backup was restored: there is no gap from which something could be taken for deleted."""
    house = home()
    phone.exchange()
    Shelf.objects.all().delete()
    home_too = home()
    told = phone.exchange()
    assert told["pull"]["anew"]
    assert set(phone.held) == keys(house, home_too)
    assert told["pull"]["left"] == {}


@pytest.mark.case("A32")
@pytest.mark.case("A30")
def test_a_first_pull_comes_in_parts_and_goes_on_where_it_stopped(
    phone: Phone, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "MOST_PARCELS", 2)
    homes = [home() for _n in range(5)]
    parts = [phone.exchange()["pull"] for _n in range(3)]
    assert [(len(one["parcels"]), one["more"], one["anew"]) for one in parts] == [
        (2, True, True), (2, True, False), (1, False, False),
    ]  # fmt: skip
    assert set(phone.held) == keys(*homes)


@pytest.mark.case("A39")
def test_a_cadre_without_a_household_pulls_nothing_and_no_error(cast: Cast) -> None:
    phone = Phone(cast.client("clerk")).register()
    assert phone.exchange()["pull"] == {"shelf": 0, "anew": True, "parcels": {}, "left": {}, "more": False}


@pytest.mark.parametrize("many", [1, 3])
def test_a_pull_takes_as_many_statements_for_three_households_as_for_one(
    cast: Cast, phone: Phone, home: Home, many: int
) -> None:
    from django.db import connection

    for _n in range(many):
        home()
    phone.exchange()
    with CaptureQueriesContext(connection) as queries:
        phone.exchange()
    assert len(queries) == 16, [one["sql"][:90] for one in queries.captured_queries]
