"""One field that cannot be used never refuses a report, and what is said again under its number is never dropped."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.matters.enums import State
from minqing.matters.models import Evidence, Matter, Reporter, Step
from minqing.matters.services import decline_matter
from tests.api.conftest import Caller, assigned
from tests.api.test_pictures import sent
from tests.cast import Cast

pytestmark = pytest.mark.fault(117)
# a field, the code that is told, whether what stood there is in a note of the matter or in the reporter's contact
UNUSABLE: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({"reporter": {"phone": "未知"}}, "reporter.phone", "phone", "contact", "未知"),
    ({"reporter": {"phone": "无", "contact": "白天"}}, "reporter.phone", "phone", "contact", "白天 · 无"),
    ({"category": "nothing"}, "category", "category", "note", "nothing"),
    ({"category": "nothing", "answers": {"x": "灯"}}, "category", "category", "note", "answers.x: 灯"),
    ({"answers": {"what": "灯"}}, "answers.what", "question", "note", "灯"),
    ({"category": "road", "answers": {"surface": "不知道"}}, "answers.surface", "question", "note", "不知道"),
    ({"pictures": [str(new_id())]}, "pictures", "unknown_picture", "note", "-"),
]


def test_the_field_is_told_and_kept_and_the_report_is_taken(cast: Cast, caller: Caller) -> None:
    wrong = []
    for values, field, code, where, kept in UNUSABLE:
        answer = caller.report(**values)
        told = [(one["field"], one["code"]) for one in answer.json().get("unusable", ())]
        if (
            answer.status_code != 201
            or (field, code) not in told
            or not all(one["sentence"] for one in answer.json()["unusable"])
        ):
            wrong.append(f"{values}: {answer.status_code} {answer.content.decode()}")
            continue
        key = answer.json()["id"]
        with cast.everything():
            notes = "\n".join(Step.objects.filter(matter=key, move="note").values_list("text", flat=True))
            contacts = "".join(one.contact for one in Reporter.objects.filter(matter=key))
        if kept not in {"note": notes, "contact": contacts}[where]:
            wrong.append(f"{values}: {notes!r} {contacts!r}")
        if where == "contact" and notes:
            wrong.append(f"{values}: who somebody is stands in a note")
    assert not wrong, "\n".join(wrong)


def test_a_usable_report_has_nothing_to_tell(cast: Cast, caller: Caller) -> None:
    answer = caller.report(category="road", reporter={"phone": "13800005555"})
    assert answer.json()["unusable"] == []
    with cast.everything():
        assert list(Step.objects.values_list("move", flat=True)) == ["receive"]


def test_the_same_send_again_tells_the_same_and_keeps_it_once(cast: Cast, caller: Caller) -> None:
    id = str(new_id())
    first, again = (caller.report(id=id, category="nothing") for _twice in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["unusable"] == again.json()["unusable"] != []
    with cast.everything():
        assert Step.objects.filter(move="note").count() == 1


def test_a_move_tells_of_a_picture_that_is_not_there(cast: Cast, caller: Caller) -> None:
    key = assigned(cast).pk
    caller.move(key, "accept")
    for move, text in (("act", "text"), ("finish", "reply")):
        answer = caller.move(key, move, **{text: "换了灯泡。"}, pictures=[str(new_id())])
        assert (answer.status_code, answer.json()["unusable"][0]["code"]) == (200, "unknown_picture")


AGAIN: list[tuple[dict[str, Any], str]] = [
    ({"text": "又坏了一盏。"}, "又坏了一盏。"),
    ({"title": "两盏路灯"}, "title: 两盏路灯"),
    ({"place": "桥头"}, "place: 桥头"),
    ({"category": "road"}, "category: road"),
    ({"point": {"latitude": 29.5, "longitude": 120.8}}, "point: 29.5, 120.8"),
    ({"answers": {"what": "lamp"}}, "answers.what: lamp"),
    ({"reporter": {"name": "李四", "phone": "13900001111"}}, ""),
]


@pytest.mark.parametrize("state", ["received", "withdrawn", "declined", "finished"])
def test_what_is_said_anew_under_a_known_number_is_kept(
    cast: Cast, caller: Caller, reporting: Caller, state: str
) -> None:
    """Whatever differs, whatever state the matter is in; the very same again says nothing new."""
    first = reporting.report(partnernumber="A-1", reporter={"name": "张桂芬", "phone": "13800005555"})
    key = first.json()["id"]
    with cast.everything():
        matter = Matter.objects.get(pk=key)
        if state == "withdrawn":
            reporting.move(key, "withdraw")
        elif state == "declined":
            decline_matter(id=new_id(), matter=matter, reason="归供电公司", by=cast.actor("clerk"))
        elif state == "finished":
            assigned(cast, matter)
            assert caller.move(key, "accept").status_code == 200
            assert caller.move(key, "finish", reply="修好了。").status_code == 200
        steps = Step.objects.filter(matter=key).count()
    for values, kept in AGAIN:
        for twice in range(2):
            answer = reporting.report(partnernumber="A-1", **values)
            assert (answer.status_code, answer.json()["id"]) == (200, key), (values, answer.content)
            with cast.everything():
                found = list(Step.objects.filter(matter=key).order_by("-at", "-id").values_list("text", flat=True))
            assert len(found) == steps + 1, (values, twice, found)
        assert kept in found[0]
        assert "李四" not in found[0], "who somebody is stands encrypted"
        steps += 1
    with cast.everything():
        assert "李四 · 13900001111" in Reporter.objects.get(matter=key).contact
        left = Matter.objects.get(pk=key).state
    # nobody works on what was withdrawn or declined
    assert left == (State.FINISHED if state == "finished" else State.RECEIVED)
    same = reporting.report(partnernumber="A-1", reporter={"name": "张桂芬", "phone": "13800005555"})
    assert same.status_code == 200
    with cast.everything():
        assert Step.objects.filter(matter=key).count() == steps
        assert Matter.objects.count() == 1


def test_a_picture_under_a_known_number_is_kept(cast: Cast, reporting: Caller) -> None:
    key = reporting.report(partnernumber="A-1").json()["id"]
    for _twice in range(2):
        picture = sent(reporting)
        assert reporting.report(partnernumber="A-1", pictures=[picture]).status_code == 200
    with cast.everything():
        assert Evidence.objects.filter(matter=key).count() == 2
