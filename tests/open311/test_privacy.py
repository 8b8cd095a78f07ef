"""What the public learns: never a text, a name, a number, an exact place; and nothing at all of other channels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from minqing.core import clock
from minqing.core.ids import human_number, new_id
from minqing.matters.enums import Channel, State
from minqing.matters.models import Matter, Step
from minqing.open311 import serializers
from minqing.org.models import Area
from tests.cast import Cast, category
from tests.files.pictures import jpeg
from tests.open311.conftest import ASKING, BASE, Asker, Sender

pytestmark = pytest.mark.django_db
ADDRESSES = ("/requests", "/requests/{number}", "/tokens/{number}", "/services", "/discovery")


def everything(ask: Asker, number: str, **query: Any) -> str:
    """All that can be read, in both formats, with and without extensions."""
    return "".join(
        ask.client.get(f"{BASE}{path.format(number=number)}.{form}", query | extra).content.decode()
        for path in ADDRESSES
        for form in ("xml", "json")
        for extra in ({}, {"extensions": "true"})
    )


def with_canaries(cast: Cast, ask: Asker, sender: Sender, **more: Any) -> str:
    photo = SimpleUploadedFile("canary.jpg", jpeg(), content_type="image/jpeg")
    number = ask.made(
        sender.key, service_code=ASKING, description="CANARY-TEXT 张桂芬家门口", title="CANARY-TITLE", media=photo,
        address_string="CANARY-PLACE", lat="29.588612", long="120.821345", first_name="CANARY-FIRST",
        last_name="CANARY-LAST", phone="13800138000", email="canary@example.org", device_id="CANARY-DEVICE",
        account_id="CANARY-ACCOUNT", media_url="http://canary.example.org/1.jpg",
        **{"attribute[what]": "lamp"} | more,
    )  # fmt: skip
    with cast.everything():
        matter = Matter.objects.get(number=number)
        Matter.objects.filter(pk=matter.pk).update(
            state=State.FINISHED, lead_unit=cast.bureau, finished_at=clock.now(), assigned_at=clock.now()
        )
        for move, text, public in (("finish", "CANARY-REPLY", True), ("act", "CANARY-INTERNAL", False)):
            Step.objects.create(
                matter=matter, move=move, state="finished", at=clock.now(), by="user:x", by_name="CANARY-CADRE",
                unit=cast.bureau, text=text, public=public,
            )  # fmt: skip
    return number


def test_nothing_of_a_request_s_reporter_reaches_the_public(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = with_canaries(cast, ask, sender)
    told = everything(ask, number)
    assert number in told
    for secret in ("CANARY", "canary", "13800138000", "张桂芬", "29.5886", "120.8213", "lamp<", '"lamp"}', "/v2/m/"):
        assert secret not in told.replace('"key": "lamp"', ""), secret


def test_another_key_learns_no_more_than_the_public(
    cast: Cast, ask: Asker, sender: Sender, another: Callable[..., Sender]
) -> None:
    number = with_canaries(cast, ask, sender)
    assert "canary" not in everything(ask, number, api_key=another("other").key).lower()


def test_the_sender_reads_what_it_sent_and_the_public_answer_and_no_more(
    cast: Cast, ask: Asker, sender: Sender
) -> None:
    number = with_canaries(cast, ask, sender)
    (row,) = ask.requests(f"/requests/{number}", api_key=sender.key)
    assert row["description"] == "CANARY-TEXT 张桂芬家门口"
    assert row["status_notes"] == "CANARY-REPLY"
    assert (row["lat"], row["long"]) == (29.588612, 120.821345)
    assert row["address"].startswith("CANARY-PLACE, ")
    assert "/open311/v2/m/" in row["media_url"]
    told = everything(ask, number, api_key=sender.key)
    for secret in ("CANARY-INTERNAL", "CANARY-CADRE", "CANARY-FIRST", "13800138000", "canary@example", "DEVICE"):
        assert secret not in told, secret


def test_an_answer_is_not_told_any_more_once_the_matter_is_open_again(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = with_canaries(cast, ask, sender)
    with cast.everything():
        Matter.objects.update(state=State.ASSIGNED)
    assert "CANARY" not in ask.requests(f"/requests/{number}", api_key=sender.key)[0]["status_notes"]


def test_matters_of_other_channels_do_not_exist_here(cast: Cast, ask: Asker, sender: Sender) -> None:
    for serial, channel in enumerate(Channel):
        if channel is not Channel.OPEN311:
            number = human_number("MQ", 2026, 700_000 + serial)
            cast.matter(number=number, channel=channel, category=category(), latitude=29.5, longitude=120.8)
            for key in ({}, {"api_key": sender.key}):
                assert ask.get(f"/requests/{number}.json", **key).status_code == 404
                assert ask.get(f"/tokens/{number}.json", **key).status_code == 404
                assert ask.requests(service_request_id=number, **key) == []
    assert ask.requests() == []


def test_the_operator_may_list_a_category_of_all_channels_but_no_household_s(
    cast: Cast, ask: Asker, settings: Any
) -> None:
    settings.OPEN311 = settings.OPEN311 | {"listed": frozenset({"transport"})}
    shown = human_number("MQ", 2026, 710_001)
    cast.matter(number=shown, category=category("road"), title="CANARY", text="CANARY", place="CANARY")
    cast.matter(number=human_number("MQ", 2026, 710_002), category=category("road"), household=cast.household())
    cast.matter(number=human_number("MQ", 2026, 710_003), category=category("labour.wages"))
    cast.matter(number=human_number("MQ", 2026, 710_004))
    (row,) = ask.requests()
    assert row["service_request_id"] == shown
    assert "CANARY" not in everything(ask, shown)


def test_what_is_about_somebody_s_own_affairs_is_told_without_a_place_below_the_township(
    cast: Cast, ask: Asker, sender: Sender
) -> None:
    number = ask.made(sender.key, service_code="health.family", address_id="V1", lat="29.5886", long="120.8213")
    with cast.everything():
        Matter.objects.update(area=cast.own)
    (row,) = ask.requests(f"/requests/{number}")
    assert (row["lat"], row["long"], row["address"], row["address_id"]) == (None, None, "石璜镇, 嵊州市", "T1")
    own = ask.requests(f"/requests/{number}", api_key=sender.key)[0]
    assert (own["lat"], own["address_id"]) == (29.5886, "V1")


def test_a_point_that_is_not_known_or_not_told_is_that_of_the_area_in_the_address(
    cast: Cast, ask: Asker, sender: Sender
) -> None:
    Area.objects.filter(pk=cast.own.pk).update(latitude=29.51234, longitude=120.71234)
    Area.objects.filter(pk=cast.town.pk).update(latitude=29.6, longitude=120.6)
    for code, point in (("road", (29.512, 120.712)), ("health.family", (29.6, 120.6))):
        number = ask.made(sender.key, service_code=code, address_id="V1")
        (row,) = ask.requests(f"/requests/{number}")
        assert (row["lat"], row["long"]) == point, code


def test_a_grid_is_told_to_nobody_but_the_sender(cast: Cast, ask: Asker, sender: Sender) -> None:
    from minqing.org.enums import Level
    from tests.cast import area

    grid = area("G1", "第一网格", Level.GRID, cast.own)
    number = ask.made(sender.key, address_id="G1")
    with cast.everything():
        assert Matter.objects.get().area == grid
    assert ask.requests(f"/requests/{number}")[0]["address_id"] == "V1"


def test_a_request_without_a_category_any_more_tells_no_title(cast: Cast, ask: Asker) -> None:
    cast.matter(number=human_number("MQ", 2026, 720_001), channel=Channel.OPEN311, title="CANARY")
    answer = ask.get("/requests.json")
    assert answer.status_code == 200
    assert "CANARY" not in answer.content.decode()


def test_the_address_of_a_picture_cannot_be_made_by_hand(cast: Cast, ask: Asker) -> None:
    for signed in ("x", str(new_id()), "a:b:c", "a" * 3000):
        assert ask.client.get(f"{BASE}/m/{signed}").status_code == 404


def test_the_address_of_a_picture_is_good_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = new_id()
    signed = serializers.sign_picture(picture)
    today = clock.today()
    for days, good in ((0, True), (7, True), (8, False)):
        monkeypatch.setattr(clock, "today", lambda days=days: today + timedelta(days=days))
        assert (serializers.picture_of(signed) == picture) is good


def test_nothing_is_written_when_something_is_read(cast: Cast, ask: Asker, sender: Sender) -> None:
    from minqing.journal.models import Event

    number = with_canaries(cast, ask, sender)
    before = Event.objects.count()
    everything(ask, number, api_key=sender.key)
    assert Event.objects.count() == before
