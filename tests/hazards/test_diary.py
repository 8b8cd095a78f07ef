"""Hazards ticked in a diary on a phone without a signal: each is found once, and nothing of it is lost."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.queries.checklists import current_checklist
from minqing.hazards.services import change_checklist
from minqing.hazards.services.checklists import Item, Said
from minqing.journal.models import Event
from minqing.visits.models import Visit
from minqing.visits.services import follow_household
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.sync.conftest import Home, home, phone
from tests.sync.phone import Phone
from tests.sync.test_photos import send, sha

__all__ = ["home", "phone"]
pytestmark = pytest.mark.django_db
FEED = "hazards.checklist"


def told(version: int | None, looks: Any = None, words: str = "", name: str = "用火用电") -> dict[str, Any]:
    return {"id": str(new_id()), "version": version, "name": name, "looks": looks or {}, "words": words}


def handed(phone: Phone, house: Any, *hazards: Any, schema: int = 6, **values: Any) -> dict[str, Any]:
    made = phone.write(house, hazards=hazards[0] if schema < 6 else list(hazards), **values)
    made["schema_number"] = schema
    phone.exchange()
    return made


def found(cast: Cast) -> list[Hazard]:
    with cast.everything():
        return list(Hazard.objects.select_related("version").order_by("found_at", "pk"))


def test_what_is_ticked_without_a_signal_is_found_once_however_often_it_comes(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house, wires = home(), {"wires": "电线老化、裸露或私拉乱接"}
    version = current_checklist("electricity")
    made = handed(phone, house, told(version.pk, wires, "灶间"), told(None, words="院墙要倒", name=""))
    assert phone.outcomes() == ["applied"]
    # the answer was lost
    phone.exchange([made])
    first, second = sorted(found(cast), key=lambda one: one.version is None)
    assert (first.version, first.items, first.words, first.severity) == (version, ["wires"], "灶间", "serious")
    assert (second.version, second.words, second.household_id) == (None, "院墙要倒", house.pk)
    assert Event.objects.filter(type="hazards.hazard.found").count() == 2
    with cast.everything():
        visit = Visit.objects.get()
    page = cast.client("cadre").get(f"/visits/{visit.pk}/").content.decode()
    assert f"/hazards/{first.pk}/" in page
    assert "院墙要倒" in cast.client("clerk").get(f"/hazards/{second.pk}/").content.decode()


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"fire": "灶边堆柴"}, ["火灾隐患：灶边堆柴"]),
        ({"gas": "", "dragon": "不明"}, ["dragon：不明", "燃气隐患"]),
        ({}, []),
    ],
)
def test_a_phone_of_before_hands_in_its_ticks_by_kind_and_they_are_kept_in_words(
    cast: Cast, phone: Phone, home: Home, kinds: dict[str, str], words: list[str]
) -> None:
    handed(phone, home(), kinds, schema=5)
    assert phone.outcomes() == ["applied"]
    assert sorted(one.words for one in found(cast)) == sorted(words)
    assert {one.version for one in found(cast)} <= {None}


@pytest.mark.parametrize("unknown", ["version", "item"])
def test_a_tick_of_which_the_server_knows_no_checklist_is_kept_in_the_words_that_stood_there(
    cast: Cast, phone: Phone, home: Home, unknown: str
) -> None:
    version = current_checklist("electricity").pk if unknown == "item" else 1_999_999_999
    looks = {"wires": "电线老化", "robots": "扫地机器人起火"}
    handed(phone, home(), told(version, looks, "灶间"))
    assert phone.outcomes() == ["applied"]
    (one,) = found(cast)
    if unknown == "version":
        assert (one.version, one.items, one.words) == (None, [], "用火用电：电线老化；扫地机器人起火\n灶间")
    else:
        assert (one.items, one.words) == (["wires"], "用火用电：扫地机器人起火\n灶间")


def test_what_was_ticked_before_a_checklist_changed_stays_in_the_version_it_was_ticked_by(
    cast: Cast, phone: Phone, home: Home
) -> None:
    old = current_checklist("electricity")
    operator = cast.actor("operator")
    items = [Item(one["look"], one["severity"], one["code"]) for one in old.items if one["code"] != "wires"]
    change_checklist(id=new_id(), code=old.code, said=Said(name=old.name, items=items, withdrawn=True), by=operator)
    handed(phone, home(), told(old.pk, {"wires": "电线老化、裸露或私拉乱接"}))
    (one,) = found(cast)
    assert (one.version, one.items) == (old, ["wires"])
    assert "电线老化" in one.title


def test_photos_that_come_after_the_words_stand_with_the_hazard_too(cast: Cast, phone: Phone, home: Home) -> None:
    picture = jpeg()
    made = handed(phone, home(), told(None, words="院墙要倒"), photos=[{"sha256": sha(picture), "size": len(picture)}])
    assert phone.outcomes() == ["owed"]
    for _time in range(2):
        assert send(phone, made["id"], picture)["state"] == "received"
    (one,) = found(cast)
    with cast.everything():
        assert one.photos.count() == 1
    assert Event.objects.filter(type="hazards.picture.added").count() == 1


def test_a_household_that_has_gone_takes_what_was_seen_there_along(cast: Cast, phone: Phone, home: Home) -> None:
    house = home()
    made = phone.write(house, hazards=[told(None, words="院墙要倒")])
    made["schema_number"] = 6
    with cast.everything() as by:
        type(house).objects.filter(pk=house.pk).update(area=cast.far)
        follow_household(household_id=house.pk, area_id=cast.far.pk, by=by)
    phone.exchange()
    assert phone.outcomes() == ["handed_over"]
    assert [one.area_id for one in found(cast)] == [cast.far.pk]


def test_a_phone_holds_the_checklists_in_force_once_it_says_that_it_knows_them(cast: Cast, phone: Phone) -> None:
    phone.exchange()
    assert not [key for key in phone.held if key.startswith(FEED)]
    message = phone.message([]) | {"knows": [FEED]}
    phone.hear(phone.post("/sync/exchange", message).json())
    lists = {key: one for key, one in phone.held.items() if key.startswith(FEED)}
    assert {one["version"] for one in lists.values()} == set(
        ChecklistVersion.objects.filter(current=True, withdrawn=False).values_list("pk", flat=True)
    )
    first = lists[f"{FEED}:electricity"]
    assert set(first["items"][0]) == {"code", "look"}
    # nothing has changed: nothing comes
    again = phone.post("/sync/exchange", phone.message([]) | {"knows": [FEED]}).json()
    assert again["pull"]["parcels"] == {}


@pytest.mark.parametrize("wrong", [{"words": "字" * 501}, {"looks": {"A-": "x"}}, {"extra": 1}, {"id": "x"}])
def test_what_cannot_be_read_is_refused_and_stays_on_the_phone(
    cast: Cast, phone: Phone, home: Home, wrong: dict[str, Any]
) -> None:
    handed(phone, home(), told(None, words="院墙要倒") | wrong)
    assert phone.outcomes() == ["refused"]
    assert not found(cast)
