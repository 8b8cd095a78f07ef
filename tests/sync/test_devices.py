"""Phones: who has them, who sees them, and what closing one does."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.journal.models import Event
from minqing.sync.models import Device
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import EXCHANGE, REGISTER, Phone

pytestmark = pytest.mark.django_db


def test_the_key_goes_to_its_owner_after_each_signing_in_and_each_time_is_on_record(cast: Cast, phone: Phone) -> None:
    keys = {phone.post(REGISTER, {"id": phone.id, "name": "小米"}).json()["key"] for _time in range(2)}
    assert keys == {Device.objects.get(pk=phone.id).key}
    assert all(len(key) == 43 for key in keys)
    with cast.everything():
        told = [one.type for one in Event.objects.filter(subject=f"device:{phone.id}").order_by("seq")]
    assert told == ["sync.device.registered", *["sync.device.unlocked"] * 2]


def test_nobody_has_more_than_five_phones(cast: Cast) -> None:
    client = cast.client("cadre")
    for _n in range(5):
        Phone(client).register()
    answer = Phone(client).post(REGISTER, {"id": Phone(client).id, "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_devices")


@pytest.mark.fault(9)
def test_a_closed_phone_hands_in_what_waits_and_is_told_nothing_more(cast: Cast, phone: Phone, home: Home) -> None:
    phone.write(home())
    page = cast.client("operator").get("/sync/").content.decode()
    assert "小米" in page
    press = cast.client("cadre").get("/sync/").content.decode()
    assert cast.client("cadre").post(f"/sync/{phone.id}/revoke", token(press)).status_code == 302
    device = Device.objects.get(pk=phone.id)
    assert (device.key, device.revoked_at is None) == ("", False)
    told = phone.exchange()
    assert (told["revoked"], "pull" in told) == (True, False)
    assert phone.outcomes() == ["applied"]
    answer = phone.post(REGISTER, {"id": phone.id, "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")


def token(page: str) -> dict[str, Any]:
    import re

    return dict(re.findall(r'name="(seen|request_id)" value="([^"]+)"', page))


def test_a_phone_of_others_does_not_exist(cast: Cast, phone: Phone) -> None:
    assert "小米" not in cast.client("far_cadre").get("/sync/").content.decode()
    for who in ("village_secretary", "clerk", "far_cadre"):
        assert cast.client(who).post(f"/sync/{phone.id}/revoke", {}).status_code == 404


@pytest.mark.case("A16")
def test_who_leads_the_village_or_the_township_is_told_what_has_not_arrived_there(cast: Cast, phone: Phone) -> None:
    others = Phone(cast.client("far_cadre")).register()
    for one, waiting in ((phone, 3), (Phone(cast.client("village_secretary")).register(), 2), (others, 4)):
        one.last = waiting
        one.exchange()
    for who in ("village_secretary", "clerk"):
        page = cast.client(who).get("/sync/").content.decode()
        assert "有 3 条还没有送到" in page
        assert "2部手机共有5条还没有送到" in page
        assert "有 4 条" not in page
        assert page.count("/revoke") == (who == "village_secretary")
    assert "部手机共有" not in cast.client("cadre").get("/sync/").content.decode()


def test_who_is_signed_out_is_sent_to_sign_in_and_hands_in_nothing(phone: Phone) -> None:
    phone.client.logout()
    assert phone.post(EXCHANGE, phone.message([])).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_as_many_statements_for_three_phones_as_for_one(
    cast: Cast, many: int, django_assert_num_queries: Any
) -> None:
    client = cast.client("cadre")
    for _n in range(many):
        Phone(client).register()
    client.get("/sync/")
    with django_assert_num_queries(10):
        client.get("/sync/")
