"""Events with a field that cannot be used, or that is null: the field is told, the event is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from minqing.matters.models import Matter, Reporter, Step
from tests.cast import Cast
from tests.partners.test_inbox import BATCH, Sender, matters, rows, sender

__all__ = ["sender"]
# change of the data, the field that is told, and what is kept of it: in a note, or in the reporter's contact
FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"reporter": {"name": "张桂芬", "phone": "未知"}}, "reporter.phone", "contact 未知"),
    ({"reporter": {"phone": ["1", "2"]}}, "reporter.phone", ""),
    ({"reporter": "张桂芬 13800005555"}, "reporter", "contact 张桂芬"),
    ({"reporter": {"name": {"first": "x"}}}, "reporter.name", ""),
    ({"category": "nothing"}, "category", "nothing"),
    ({"category": ["road"]}, "category", "road"),
    ({"title": {"a": 1}}, "title", "a"),
    ({"place": True}, "place", "true"),
    ({"latitude": "north", "longitude": 1}, "latitude", "north"),
    ({"latitude": 999, "longitude": 1}, "latitude, longitude", "999"),
    ({"latitude": 29.5}, "latitude, longitude", "29.5"),
    ({"latitude": 29.5, "longitude": 120.8, "datum": "BD-09"}, "latitude, longitude", "BD-09"),
    ({"answers": {"x": "灯"}}, "answers.x", "灯"),
    ({"answers": {"x": {"y": 1}}}, "answers.x", "y"),
    ({"answers": "灯"}, "answers", "灯"),
    ({"partnernumber": {"a": 1}}, "partnernumber", "a"),
]


def kept(cast: Cast, matter: Any) -> str:
    with transaction.atomic(), cast.everything():
        notes = "\n".join(Step.objects.filter(matter=matter, move="note").values_list("text", flat=True))
        return notes + "".join(f"\ncontact {one.contact}" for one in Reporter.objects.filter(matter=matter))


@pytest.mark.fault(117)
def test_one_field_that_cannot_be_used_never_refuses_a_report(sender: Sender) -> None:
    wrong = []
    for number, (change, field, left) in enumerate(FIELDS):
        event = sender.event(subject=f"B-{number}", partnernumber="") | {"id": f"e-{number}"}
        event["data"] |= change
        first, again = sender.bearing(event), sender.bearing(event)
        told = first.json()
        if first.status_code != 200 or told["state"] != "applied" or told != again.json():
            wrong.append(f"{change}: {first.status_code} {told} {again.json()}")
            continue
        fields = [(one["field"], bool(one["code"] and one["sentence"])) for one in told["unusable"]]
        if (field, True) not in fields or left not in kept(sender.cast, told["matter"]["id"]):
            wrong.append(f"{change}: {told['unusable']} {kept(sender.cast, told['matter']['id'])!r}")
    assert not wrong, "\n".join(wrong)
    assert len(matters(sender.cast)) == len(FIELDS)


@pytest.mark.fault(117)
@pytest.mark.parametrize(
    ("name", "value"),
    [("time", "gestern"), ("time", 12), ("time", {"a": 1}), ("sequence", ["1"]), ("sequence", "a\x07"),
     ("subject", "a\x07b"), ("subject", {"a": 1})],
)  # fmt: skip
def test_nor_does_an_attribute_that_need_not_be_there(sender: Sender, name: str, value: Any) -> None:
    answer = sender.bearing(sender.event() | {name: value})
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.content
    assert [one["field"] for one in answer.json()["unusable"]] == [name]


@pytest.mark.fault(117)
def test_a_partner_s_own_json_has_the_same_patience(sender: Sender) -> None:
    from tests.partners.conftest import partner_of

    table = (
        "{id: no, time: at, data: {text: said, area: {always: V1}, reporter.phone: phone, latitude: y, longitude: x}}"
    )
    with transaction.atomic():
        partner_of(sender.cast, mapping=table)
    flat = {"no": "1", "at": "昨天", "said": "路灯坏了", "phone": "未知", "y": "北", "x": "120.8"}
    answer = sender.bearing(flat, media="application/json", url="/partners/inbox/hotline")
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.content
    fields = {one["field"] for one in answer.json()["unusable"]}
    assert fields == {"time", "reporter.phone", "latitude", "latitude, longitude"}


@pytest.mark.fault(117)
def test_a_field_that_is_needed_still_is(sender: Sender) -> None:
    for change in ({"text": ""}, {"text": {"a": 1}}, {"area": None}):
        event = sender.event()
        event["data"] |= change
        answer = sender.bearing(event)
        assert (answer.status_code, answer.json()["code"]) == (202, "data")


# null


def nulled(sender: Sender, n: int) -> dict[str, Any]:
    event = sender.event(id=f"n-{n}", partnernumber=f"N-{n}", title=None, category=None, latitude=None, reporter=None)
    return event | {
        "subject": None, "time": None, "sequence": None, "datacontenttype": None, "dataschema": None,
        "traceparent": None, "data_base64": None,
    }  # fmt: skip


@pytest.mark.fault(118)
def test_what_is_null_is_not_there(sender: Sender) -> None:
    """JSON format 2.2: null is as unset, for every attribute, extensions too; alone and in a batch."""
    one = sender.bearing(nulled(sender, 1))
    assert (one.status_code, one.json()["state"]) == (200, "applied"), one.content
    assert "unusable" not in one.json()
    several = sender.bearing([nulled(sender, 2), nulled(sender, 3)], media=BATCH)
    assert [each["state"] for each in several.json()] == ["applied", "applied"], several.content
    data = sender.event(partnernumber=None, title=None, reporter={"name": None, "phone": None})["data"]
    headers = {"ce-specversion": "1.0", "ce-id": "b-1", "ce-source": "x", "ce-type": "cn.minqing.matter.reported",
               "ce-subject": "", "ce-time": "", "ce-sequence": ""}  # fmt: skip
    binary = sender.bearing(data, media="application/json", headers=headers)
    assert (binary.status_code, binary.json()["state"]) == (200, "applied"), binary.content
    assert len(matters(sender.cast)) == 4
    # without a number it has none: not the word None
    assert {row.subject for row in rows(sender.cast)} == {"N-1", "N-2", "N-3", ""}
    with transaction.atomic(), sender.cast.everything():
        assert not Matter.objects.filter(outside_number__endswith="None").exists()


@pytest.mark.fault(118)
@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
def test_but_what_is_needed_cannot_be_null(sender: Sender, name: str) -> None:
    answer = sender.bearing(json.dumps(sender.event() | {name: None}).encode())
    assert answer.status_code == 400
    assert answer.json()["code"] in {f"no_{name}", "specversion"}


@pytest.mark.fault(120)
def test_a_field_that_nobody_knows_is_told_and_kept(sender: Sender) -> None:
    answer = sender.bearing(sender.event(media_urls=["https://pics.example/1.jpg"], remark="小心狗", nothing=None))
    assert answer.json()["state"] == "applied", answer.content
    assert {one["field"] for one in answer.json()["unusable"]} == {"media_urls", "remark"}
    left = kept(sender.cast, answer.json()["matter"]["id"])
    assert ("小心狗" in left, "https://pics.example/1.jpg" in left) == (True, True)
