"""Reports and moves: each once, each by whom it is open to, each with its typed body."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from minqing.core.ids import new_id
from minqing.matters.enums import Channel, Move
from minqing.matters.models import Matter, Reporter, Step
from minqing.matters.schemas.moves import SPECS
from tests.api.conftest import Caller, assigned
from tests.cast import Cast


def reported(caller: Caller, **values: Any) -> str:
    answer = caller.report(**values)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_report_is_a_matter_with_everything_that_was_sent(cast: Cast, caller: Caller) -> None:
    id = str(new_id())
    body = {
        "title": "路灯", "place": "村口", "partnernumber": "A-1",
        "point": {"latitude": 29.6, "longitude": 120.8, "datum": "GCJ-02"},
        "reporter": {"name": "张桂芬", "phone": "13800005555", "contact": "白天"},
    }  # fmt: skip
    answer = caller.report(id=id, **body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["can"]["withdraw"] == {"allowed": True, "code": "", "reason": ""}
    with cast.everything():
        matter = Matter.objects.get(pk=id)
        assert (matter.channel, matter.outside_number, matter.confidential) == (Channel.PARTNER, "hotline:A-1", False)
        assert (matter.datum, matter.place, matter.area) == ("GCJ-02", "村口", cast.own)
        reporter = Reporter.objects.get(matter=matter)
        assert (reporter.name, reporter.phone, reporter.contact) == ("张桂芬", "13800005555", "白天")


def test_the_same_id_and_the_same_number_are_the_same_matter(cast: Cast, caller: Caller) -> None:
    id = str(new_id())
    first = caller.report(id=id, partnernumber="A-1")
    again = caller.report(id=id, partnernumber="A-1", text="anders")
    under_another_id = caller.report(partnernumber="A-1")
    assert [one.status_code for one in (first, again, under_another_id)] == [201, 409, 200]
    assert {one.json()["id"] for one in (first, under_another_id)} == {id}
    assert caller.report(id=id, partnernumber="A-1").status_code == 200
    with cast.everything():
        assert Matter.objects.count() == Step.objects.count() == 1


def test_somebody_else_s_id_opens_nothing(cast: Cast, caller: Caller, reporting: Caller) -> None:
    id = reported(caller)
    answer = reporting.report(id=id)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_used")


@pytest.mark.parametrize(
    ("values", "code", "status"),
    [
        ({"area": "nowhere"}, "unknown_area", 409),
        ({"area": "V3"}, "wrong_party", 403),
        ({"text": ""}, "invalid", 422),
        ({"partnernumber": "9" * 201}, "invalid", 422),
        ({"text": "a\0b"}, "invalid", 422),
        ({"id": "1"}, "invalid", 422),
        ({"point": {"latitude": 91, "longitude": 0}}, "invalid", 422),
    ],
)
def test_a_report_that_cannot_be_right_is_refused_with_its_code(
    cast: Cast, caller: Caller, values: dict[str, Any], code: str, status: int
) -> None:
    answer = caller.report(**values)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.fault(21)
@pytest.mark.parametrize("field", ["state", "lead_unit", "number", "due_at", "household_id", "by", "at", "channel"])
def test_nothing_can_be_set_by_sending_it(cast: Cast, caller: Caller, field: str) -> None:
    answer = caller.report(**{field: "confirmed"})
    assert answer.status_code == 422
    assert answer.json()["data"]["fields"] == [
        {"field": field, "code": "extra_forbidden", "sentence": "There is no such field."}
    ]
    move = caller.move(assigned(cast).pk, "accept", **{field: "x"})
    assert move.json()["data"]["fields"][0]["code"] == "extra_forbidden"


def test_a_unit_takes_its_matter_from_acceptance_to_the_reply(cast: Cast, caller: Caller) -> None:
    key = assigned(cast).pk
    for move, values, state in (
        ("accept", {}, "accepted"),
        ("act", {"text": "已到现场"}, "accepted"),
        ("note", {"text": "内部"}, "accepted"),
        ("join", {"unit": "U1", "task": "断电"}, "accepted"),
        ("ask_extension", {"days": 2, "reason": "等材料"}, "accepted"),
        ("suspend", {"reason": "third_party", "until": "2026-12-01", "text": "等供电"}, "suspended"),
        ("resume", {}, "accepted"),
        ("finish", {"reply": "修好了。", "override": "已电话协调"}, "finished"),
    ):
        answer = caller.move(key, move, **values)
        assert answer.status_code == 200, (move, answer.content)
        assert answer.json()["state"] == state
    told = caller.get(f"/matters/{key}").json()
    assert [one["move"] for one in told["steps"]][:2] == ["finish", "resume"]
    assert told["parts"][0]["unit"] == "U1"
    assert told["can"]["accept"]["code"] == "wrong_state"
    assert told["can"]["confirm"]["code"] == "wrong_party"


def test_a_unit_gives_away_what_is_not_its_own(cast: Cast, caller: Caller) -> None:
    given = caller.move(assigned(cast).pk, "transfer", unit="U1", reason="归他们管")
    assert given.status_code == 200, given.content
    back = caller.move(assigned(cast).pk, "send_back", proposed="U3", reason="不归我们")
    assert back.json()["state"] == "received", back.content
    unknown = caller.move(assigned(cast).pk, "transfer", unit="nobody", reason="x")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_unit")


def test_a_supporting_unit_answers_or_refuses_its_part(cast: Cast) -> None:
    lead, support = Caller(cast), Caller(cast, "office", name="综合办", unit=cast.office)
    key = assigned(cast).pk
    for move, values in (("reply_part", {"reply": "电已断"}), ("refuse_part", {"proposed": "U3", "reason": "不归"})):
        assert lead.move(key, "join", unit="U1", task="断电").status_code == 200
        answer = support.move(key, move, **values)
        assert answer.status_code == 200, answer.content
    part = support.get(f"/matters/{key}").json()["parts"][0]
    assert part["state"] == "refused"
    assert lead.move(key, "drop_part", part=part["id"], reason="不需要").status_code == 200


def test_the_reporter_s_word_comes_by_whoever_reported(cast: Cast, caller: Caller, reporting: Caller) -> None:
    key = reported(reporting)
    assigned(cast, found(cast, key))
    assert caller.move(key, "accept").status_code == 200
    assert caller.move(key, "finish", reply="修好了。").status_code == 200
    refused = caller.move(key, "confirm", solved=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_party")
    again = reporting.move(key, "confirm", solved=False, text="还是不亮")
    assert again.json()["state"] == "assigned", again.content
    assert reporting.move(key, "withdraw").json()["state"] == "withdrawn"
    assert reporting.move(key, "reopen", reason="又坏了").json()["state"] == "received"


def found(cast: Cast, key: str) -> Matter:
    with cast.everything():
        return Matter.objects.get(pk=key)


def test_a_declined_matter_is_appealed_and_a_merged_one_taken_apart(cast: Cast, reporting: Caller) -> None:
    from minqing.matters.services import decline_matter, merge_matter

    declined, merged = reported(reporting), reported(reporting)
    by = cast.actor("clerk")
    with cast.everything():
        decline_matter(id=new_id(), matter=Matter.objects.get(pk=declined), reason="归供电公司", by=by)
        cause = Matter.objects.get(pk=reported(reporting))
        merge_matter(id=new_id(), matter=Matter.objects.get(pk=merged), cause=cause, by=by)
    assert reporting.move(declined, "appeal", reason="是村里的灯").json()["state"] == "received"
    assert reporting.move(merged, "split").json()["state"] == "received"


def test_a_move_sent_twice_is_made_once(cast: Cast, caller: Caller) -> None:
    key, id = assigned(cast).pk, str(new_id())
    for _twice in range(2):
        assert caller.post(f"/matters/{key}/moves/accept", {"id": id}).status_code == 200
    with cast.everything():
        assert Step.objects.filter(matter=key, move="accept").count() == 1
    other = caller.post(f"/matters/{assigned(cast).pk}/moves/accept", {"id": id})
    assert (other.status_code, other.json()["code"]) == (409, "request_used")


def test_every_move_has_its_own_typed_body_in_the_document() -> None:
    from minqing.config.api import document

    paths = document()["paths"]
    for spec in SPECS:
        operation = paths[f"/api/v1/matters/{{name}}/moves/{spec.move.value}"]["post"]
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        body = document()["components"]["schemas"][name]
        assert body["additionalProperties"] is False
        assert set(body["properties"]) == {"id", "seen", *spec.fields}
    assert Move.ASSIGN not in {spec.move for spec in SPECS}


@pytest.mark.parametrize("what", ["report", "number", "move"])
def test_two_sends_at_the_same_moment_do_it_once(committed_cast: Cast, what: str) -> None:
    caller = Caller(committed_cast)
    with transaction.atomic():
        key = assigned(committed_cast).pk
    id, barrier = str(new_id()), threading.Barrier(2)
    statuses: list[int] = []

    def send() -> None:
        barrier.wait()
        if what == "move":
            answer = caller.post(f"/matters/{key}/moves/accept", {"id": id})
        elif what == "report":
            answer = caller.report(id=id)
        else:
            answer = caller.report(partnernumber="A-1")
        statuses.append(answer.status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 201}, statuses
    # outside a test's own transaction too, and in the language that was asked for
    told = caller.get(f"/matters/{key}").json()
    assert "due" in told["clocks"][0]["why"][-1]
    with transaction.atomic(), committed_cast.everything():
        assert Step.objects.filter(move="receive").count() == (0 if what == "move" else 1)
        assert Step.objects.filter(move="accept").count() == (1 if what == "move" else 0)


@pytest.mark.fault(74)
def test_a_text_of_which_nothing_can_be_seen_is_refused_and_marks_of_direction_are_dropped(
    cast: Cast, caller: Caller
) -> None:
    # what the document says of the form, and of planes that its patterns leave out
    for nothing, status in (("\u200b", 422), ("\u3164\u2800\u202e", 422), ("\u00ad\u2066", 422), ("\U000e0041", 409)):
        answer = caller.report(text=nothing, title="")
        assert answer.status_code == status, repr(nothing)
    id = reported(caller, text="\u202e路灯\u200b坏了", title="")
    with cast.everything():
        assert Matter.objects.get(pk=id).text == "路灯坏了"
