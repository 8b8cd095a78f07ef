"""Events come in: twice, late, out of order, in GBK, cut off, huge, forged; nothing is lost and nothing doubled."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Channel
from minqing.matters.models import Matter, Reporter, Step
from minqing.matters.services import assign_matter
from minqing.org.queries import system_actor
from minqing.partners import rules, services
from minqing.partners.checks import secrets
from minqing.partners.enums import InboundState
from minqing.partners.formats import signing
from minqing.partners.formats.inbound_schema import FINISHED, check_data
from minqing.partners.models import Inbound, Partner
from minqing.partners.services import give_secret, issue_token
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.partners.conftest import SYSTEM, UNREADABLE, partner_of

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Sender:
    """A partner's software: it knows its secret and its token."""

    def __init__(self, cast: Cast, code: str = "hotline", **values: Any) -> None:
        with transaction.atomic():
            self.partner: Partner = partner_of(cast, code, **values)
            self.secret = give_secret(partner=self.partner, by=SYSTEM)
            scopes = ["events:send"]
            self.token = issue_token(
                partner=self.partner, label="", scopes=scopes, burst=200, rate=60, by=SYSTEM
            )[1]  # fmt: skip
        self.cast, self.client = cast, Client(raise_request_exception=False)

    def event(self, kind: str = "reported", *, id: str = "", **values: Any) -> dict[str, Any]:
        data = {"partnernumber": "A-1", "text": "村口路灯坏了三天。", "area": "V1", "category": "road",
                "reporter": {"name": "张桂芬", "phone": "13800005555"}} if kind == "reported" else {}  # fmt: skip
        attributes = {name: values.pop(name) for name in ("subject", "sequence", "time") if name in values}
        return {
            "specversion": "1.0", "id": id or str(new_id()), "source": "//12345.example",
            "type": f"cn.minqing.matter.{kind}", "subject": "A-1", **attributes, "data": data | values,
        }  # fmt: skip

    def signed(self, event: Any, *, media: str = STRUCTURED, url: str = "", at: Any = None, **headers: str) -> Any:
        body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        own = signing.headers([self.secret], id="msg_1", at=at or clock.now(), body=body)
        url = url or f"/partners/events?partner={self.partner.code}"
        return self.client.generic("POST", url, body, content_type=media, headers=own | headers)

    def bearing(self, event: Any, *, media: str = STRUCTURED, token: str = "", url: str = "/partners/events",
                headers: Mapping[str, str] | None = None) -> Any:  # fmt: skip
        body = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        given = {"Authorization": f"Bearer {token or self.token}", **(headers or {})}
        return self.client.generic("POST", url, body, content_type=media, headers=given)


@pytest.fixture
def sender(committed_cast: Cast) -> Sender:
    return Sender(committed_cast)


def rows(cast: Cast) -> list[Inbound]:
    with transaction.atomic(), cast.everything():
        return list(Inbound.objects.order_by("received_at", "id"))


def matters(cast: Cast) -> list[Matter]:
    with transaction.atomic(), cast.everything():
        return list(Matter.objects.order_by("received_at", "id"))


def give_to_bureau(cast: Cast) -> None:
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        assign_matter(id=new_id(), matter=Matter.objects.get(), unit=cast.bureau.id, due_days=5, by=by)


def test_a_report_becomes_a_matter_under_the_partner_s_number(sender: Sender) -> None:
    answer = sender.signed(sender.event(title="路灯", place="村口", latitude=29.6, longitude="120.8"))
    assert answer.status_code == 200, answer.content
    (matter,) = matters(sender.cast)
    told = answer.json()
    assert (told["state"], told["matter"]["number"]) == ("applied", matter.number)
    assert (matter.title, matter.channel, matter.outside_number) == ("路灯", Channel.PARTNER, "hotline:A-1")
    assert (matter.category_id, matter.place, matter.latitude) == ("road", "村口", 29.6)
    with transaction.atomic(), sender.cast.everything():
        reporter = Reporter.objects.get()
        assert (reporter.name, reporter.phone) == ("张桂芬", "13800005555")
        assert Step.objects.get().by == f"partner:{sender.partner.id}"
    (row,) = rows(sender.cast)
    assert (row.state, row.raw, row.matter_id) == ("applied", "", matter.pk), "no name is kept twice"


@pytest.mark.parametrize("way", ["signed", "bearing"])
def test_binary_mode_and_a_plain_json_content_type_are_taken_too(sender: Sender, way: str) -> None:
    event = sender.event()
    data = event.pop("data")
    headers = {f"ce-{name}": value for name, value in event.items()}
    headers["ce-subject"] = "A%2D1"
    if way == "signed":
        answer = sender.signed(data, media="application/json", **headers)
    else:
        answer = sender.bearing(data, media="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert rows(sender.cast)[0].subject == "A-1"
    assert sender.bearing(event | {"data": data}, media="application/json").json()["state"] == "applied"
    assert len(matters(sender.cast)) == 1


def test_what_is_sent_twice_is_done_once(sender: Sender) -> None:
    event = sender.event(id="e-1")
    answers = [sender.signed(event) for _n in range(3)] + [sender.bearing(event)]
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1, "the same answer each time"
    assert len(matters(sender.cast)) == len(rows(sender.cast)) == 1
    again = sender.event(id="e-2")
    assert sender.signed(again).json()["matter"] == answers[0].json()["matter"], "the partner's number is one matter"
    assert len(matters(sender.cast)) == 1


def test_the_same_event_by_two_partners_is_two_events(sender: Sender) -> None:
    other = Sender(sender.cast, "police")
    event = sender.event(id="e-1")
    assert {sender.signed(event).status_code, other.signed(event).status_code} == {200}
    assert sorted(one.outside_number for one in matters(sender.cast)) == ["hotline:A-1", "police:A-1"]


def test_forty_at_once_are_one_matter(sender: Sender) -> None:
    event = sender.event(id="e-1")
    other = sender.event(id="e-2")
    start, statuses = threading.Barrier(40), []

    def send(n: int) -> None:
        try:
            start.wait(20)
            statuses.append(sender.bearing(event if n % 2 else other).status_code)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=send, args=[n]) for n in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert statuses == [200] * 40
    assert len(matters(sender.cast)) == 1
    assert [row.state for row in rows(sender.cast)] == ["applied", "applied"]
    assert Event.objects.filter(type="matters.matter.received").count() == 1


def test_the_unit_s_partner_handles_and_brings_the_caller_s_word(sender: Sender) -> None:
    """A hotline reports; police handle it for the bureau; the hotline tells what the caller says."""
    hotline = Sender(sender.cast, "city", unit=None)
    assert hotline.signed(hotline.event()).status_code == 200
    give_to_bureau(sender.cast)
    (matter,) = matters(sender.cast)
    name = f"matter:{matter.pk}"
    for kind, values in [("noted", {"text": "已派人"}), ("finished", {"text": "已修好"})]:
        answer = sender.signed(sender.event(kind, subject=name, **values))
        assert answer.json()["state"] == "applied", answer.content
    assert sender.signed(sender.event("confirmed", subject=name, solved=True)).json()["code"] == "wrong_party"
    assert hotline.signed(hotline.event("confirmed", solved="true", satisfaction=5)).json()["state"] == "applied"
    (matter,) = matters(sender.cast)
    assert matter.state == "confirmed"
    with transaction.atomic(), sender.cast.everything():
        moves = list(Step.objects.order_by("at", "id").values_list("move", flat=True))
    assert sorted(moves) == sorted(["receive", "assign", "accept", "act", "finish", "confirm"])


def test_what_comes_before_its_report_waits_for_it(sender: Sender) -> None:
    early = sender.signed(sender.event("withdrawn", sequence="2", text="已解决"))
    assert (early.status_code, early.json()["state"], early.json()["code"]) == (202, "waiting", "matter_unknown")
    assert sender.signed(sender.event(sequence="1")).json()["state"] == "applied"
    assert [row.state for row in rows(sender.cast)] == ["applied", "applied"]
    assert [one.state for one in matters(sender.cast)] == ["withdrawn"]


def test_events_of_one_subject_are_taken_in_their_sender_s_order(sender: Sender) -> None:
    sender.signed(sender.event(sequence="1"))
    finished = sender.event("finished", sequence="10", text="已修好")
    noted = sender.event("noted", sequence="9", text="已派人")
    assert sender.signed(noted).json()["code"] == "wrong_state", "nobody gave it to the bureau yet"
    give_to_bureau(sender.cast)
    answer = sender.signed(finished)
    assert (answer.json()["state"], answer.json()["code"]) == ("waiting", "out_of_order"), "9 is before 10"
    assert services.take_over_due(at=clock.now() + timedelta(minutes=2)) == 2
    assert {row.state for row in rows(sender.cast)} == {"applied"}
    assert [one.state for one in matters(sender.cast)] == ["finished"]
    with transaction.atomic(), sender.cast.everything():
        assert list(Step.objects.order_by("at", "id").values_list("move", flat=True))[-2:] == ["act", "finish"]


def test_what_is_overtaken_is_laid_aside_and_not_waited_for(sender: Sender) -> None:
    sender.signed(sender.event(sequence="1"))
    give_to_bureau(sender.cast)
    assert sender.signed(sender.event("finished", sequence="3", text="已修好")).json()["state"] == "applied"
    late = sender.signed(sender.event("sent_back", sequence="2", text="不归我们管", unit="U1"))
    assert (late.status_code, late.json()["state"], late.json()["code"]) == (202, "dead", "too_late")


def test_progress_that_comes_after_the_answer_is_kept_as_a_note(sender: Sender) -> None:
    """Nothing is left to be done of it, but its words are not lost and wait for nobody."""
    sender.signed(sender.event(sequence="1"))
    give_to_bureau(sender.cast)
    sender.signed(sender.event("finished", sequence="4", text="已修好"))
    late = [sender.event("accepted", sequence="2"), sender.event("noted", sequence="3", text="已派人")]
    for event in [*late, *late]:
        assert sender.signed(event).json()["state"] == "applied"
    assert [one.state for one in matters(sender.cast)] == ["finished"]
    with transaction.atomic(), sender.cast.everything():
        notes = Step.objects.filter(move="note")
        assert [(one.text, one.public) for one in notes] == [("已派人", False)]


def test_what_is_said_anew_under_a_number_is_kept_with_its_matter(sender: Sender) -> None:
    """A caller rings again: the hotline sends the order once more with what was added."""
    first = sender.signed(sender.event())
    for event in [sender.event(), again := sender.event(text="路灯还没修，老人摔倒了。"), again]:
        assert sender.signed(event).json()["matter"] == first.json()["matter"]
    assert len(matters(sender.cast)) == 1
    with transaction.atomic(), sender.cast.everything():
        assert list(Step.objects.filter(move="note").values_list("text", flat=True)) == ["路灯还没修，老人摔倒了。"]


def test_another_event_under_a_used_id_is_laid_aside_and_the_same_again_is_not(sender: Sender) -> None:
    event = sender.event(id="e-1", time="2026-10-12T08:00:00Z")
    assert sender.signed(event).json()["state"] == "applied"
    same = json.dumps(event | {"time": "2026-10-12T09:00:00Z"}, ensure_ascii=False).encode("gbk")
    assert sender.signed(same, media=f"{STRUCTURED}; charset=gbk").json()["state"] == "applied"
    other = sender.event(id="e-1", text="水管爆了", partnernumber="A-2")
    for _n in range(2):
        answer = sender.signed(other)
        assert (answer.status_code, answer.json()["state"], answer.json()["code"]) == (202, "dead", "id_used")
    assert len(rows(sender.cast)) == 2
    aside = next(row for row in rows(sender.cast) if row.code)
    services.take_over(services.replay_event(event_id=aside.pk, by=SYSTEM).pk)
    assert sorted(one.text for one in matters(sender.cast)) == sorted(["村口路灯坏了三天。", "水管爆了"])


def test_what_lies_aside_is_corrected_by_sending_it_anew_under_its_id(sender: Sender) -> None:
    assert sender.signed(sender.event(id="e-1", area="nowhere")).json()["code"] == "unknown_area"
    assert sender.signed(sender.event(id="e-1")).json()["state"] == "applied"
    assert [(row.state, row.raw) for row in rows(sender.cast)] == [("applied", "")]
    assert Event.objects.filter(type="partners.event.corrected").count() == 1


def test_what_lies_aside_is_not_replaced_by_an_event_of_another_kind_under_its_id(sender: Sender) -> None:
    """Some number their orders and not their events: the report must not be lost to what came after it."""
    sender.signed(sender.event(id="e-1", area="nowhere"))
    answer = sender.signed(sender.event("withdrawn", id="e-1", text="误报"))
    assert (answer.json()["state"], answer.json()["code"]) == ("dead", "id_used")
    assert [row.code for row in rows(sender.cast)] == ["unknown_area", "id_used"]


def test_a_batch_in_gbk_and_json_of_another_name_are_read(sender: Sender) -> None:
    body = json.dumps([sender.event(text="㐂")], ensure_ascii=False).encode("gb18030")
    assert sender.signed(body, media=f"{BATCH}; charset=GBK").json()[0]["state"] == "applied"
    event = sender.event(partnernumber="A-2", subject="A-2")
    data = json.dumps(event.pop("data"), ensure_ascii=False).encode("gbk")
    headers = {f"ce-{name}": value for name, value in event.items()}
    answer = sender.signed(data, media="application/vnd.hotline+json; charset=gbk", **headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.content
    assert len(matters(sender.cast)) == 2


@pytest.mark.parametrize("name", ["id", "source", "type"])
def test_what_is_no_event_is_400_and_kept(sender: Sender, name: str) -> None:
    event = sender.event()
    del event[name]
    answer = sender.signed(event)
    assert (answer.status_code, answer.json()["code"]) == (400, f"no_{name}")
    assert len(rows(sender.cast)) == 1


def test_a_form_in_gbk_is_refused_to_a_program_as_to_one(sender: Sender) -> None:
    answer = sender.bearing(b"a=1", media="application/x-www-form-urlencoded; charset=GBK")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_header_that_cannot_be_read_is_400(sender: Sender) -> None:
    event = sender.event()
    headers = {f"ce-{name}": value for name, value in event.items() if name != "data"} | {"ce-subject": "%C0%A0"}
    answer = sender.signed(event["data"], media="application/json", **headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "header")


def test_a_token_may_stand_in_the_address_as_the_web_hooks_have_it(sender: Sender) -> None:
    body = json.dumps(sender.event()).encode()
    answer = sender.client.post(f"/partners/events?access_token={sender.token}", body, content_type=STRUCTURED)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    wrong = sender.client.post("/partners/events?access_token=mq_no", body, content_type=STRUCTURED)
    assert wrong.json()["code"] == "token_unknown"


def test_a_signer_whose_headers_have_the_library_s_own_names_is_known(sender: Sender) -> None:
    body = json.dumps(sender.event()).encode()
    own = signing.headers([sender.secret], id="msg_1", at=clock.now(), body=body)
    headers = {name.replace("webhook", "svix"): value for name, value in own.items()}
    answer = sender.client.post("/partners/events?partner=hotline", body, content_type=STRUCTURED, headers=headers)
    assert answer.status_code == 200, answer.content


def test_after_five_days_the_operator_decides(sender: Sender) -> None:
    sender.signed(sender.event("withdrawn", text="误报"))
    start = rows(sender.cast)[0].received_at
    assert services.take_over_due(at=start + rules.PATIENCE - timedelta(minutes=1)) == 0
    assert rows(sender.cast)[0].state == InboundState.WAITING
    services.take_over_due(at=start + rules.PATIENCE + timedelta(hours=1))
    (row,) = rows(sender.cast)
    assert (row.state, row.code) == ("dead", "matter_unknown")
    assert row.raw, "what was told is still there"
    sender.signed(sender.event())
    services.take_over(services.replay_event(event_id=row.pk, by=SYSTEM).pk)
    assert [one.state for one in matters(sender.cast)] == ["withdrawn"]


@pytest.mark.parametrize("charset", ["gbk", "GB2312", "gb18030", ""])
def test_gbk_is_read_as_named_or_found_out(sender: Sender, charset: str) -> None:
    body = json.dumps(sender.event(text="路灯坏了，㐂"), ensure_ascii=False).encode("gb18030")
    media = f"{STRUCTURED}; charset={charset}" if charset else STRUCTURED
    answer = sender.signed(body, media=media)
    assert answer.status_code == 200, answer.content
    assert matters(sender.cast)[0].text == "路灯坏了，㐂"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"specversion": "1.0", "id": "1', "not_json"),
        (b"", "not_json"),
        (b"[1]", "not_an_object"),
        (b"\xff\xfe\xff", "encoding"),
        (b"[" * 100_000, "not_json"),
        (b'{"specversion": "1.0", "id": "a\\u0000"}', "characters"),
        (b'{"specversion": "1.0", "id": "\\ud800"}', "characters"),
        (b'{"specversion": "0.3", "id": "1", "source": "x", "type": "y", "data": {}}', "specversion"),
        (b'{"specversion": "1.0", "id": "1", "source": "x", "type": "y", "data": "z"}', "no_data"),
    ],
)
def test_what_was_cut_or_cannot_be_read_is_refused_kept_and_may_come_again(
    sender: Sender, body: bytes, code: str
) -> None:
    for _n in range(2):
        answer = sender.bearing(body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer["Content-Type"] == "application/problem+json"
    (row,) = rows(sender.cast)
    assert (row.state, row.code, row.event[:7]) == ("dead", code, "sha256:")
    assert row.raw
    assert sender.bearing(sender.event()).status_code == 200
    with connections["default"].cursor() as cursor, transaction.atomic(), sender.cast.everything():
        cursor.execute("SELECT raw FROM partners_inbound WHERE state = 'dead'")
        assert all(body[:20] not in bytes(raw) or not body for (raw,) in cursor.fetchall()), "encrypted"


def test_huge_and_compressed_are_refused_and_not_kept(sender: Sender) -> None:
    huge = sender.event(text="大" * 100_000)
    assert sender.bearing(huge).status_code == 413
    assert sender.bearing(sender.event(), headers={"Content-Encoding": "gzip"}).status_code == 415
    assert sender.bearing(b"a=1", media="application/x-www-form-urlencoded").status_code == 415
    assert rows(sender.cast) == []


def test_a_batch_is_stored_whole_and_each_of_its_events_has_a_receipt(sender: Sender) -> None:
    events = [sender.event(id="e-1"), sender.event("withdrawn", id="e-2", sequence="2"), "broken", {"id": "\ud800"},
              sender.event(id="e-4", area="nowhere", partnernumber="A-2")]  # fmt: skip
    body = json.dumps(events).encode()
    for _twice in range(2):
        answer = sender.signed(body, media=BATCH)
        assert answer.status_code == 202, answer.content
        assert [(one["state"], one.get("code")) for one in answer.json()] == [
            ("applied", None), ("applied", None), ("dead", "not_an_object"), ("dead", "characters"),
            ("dead", "unknown_area"),
        ]  # fmt: skip
    assert [one.state for one in matters(sender.cast)] == ["withdrawn"]
    assert len(rows(sender.cast)) == 5
    good = sender.bearing([sender.event(id="e-1")], media=f"{BATCH}; charset=utf-8")
    assert (good.status_code, len(good.json())) == (200, 1)
    assert sender.bearing([], media=BATCH).json() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"[{", 400, "not_json"), (b"{}", 400, "not_an_array"), (b"[" + b"1," * 100 + b"1]", 413, "too_large")],
)
def test_a_batch_that_is_none_or_too_long_is_refused_and_not_kept(
    sender: Sender, body: bytes, status: int, code: str
) -> None:
    answer = sender.bearing(body, media=BATCH)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert rows(sender.cast) == []


def test_the_media_type_says_the_mode_whatever_headers_came_along(sender: Sender) -> None:
    """Headers stand outside the signature: a structured event is not made another by them."""
    forged = {"ce-id": "x", "ce-source": "y", "ce-type": "cn.minqing.matter.withdrawn", "ce-specversion": "1.0"}
    assert sender.signed(sender.event(id="e-1"), **forged).json()["state"] == "applied"
    assert [(one.event, one.type.rpartition(".")[2]) for one in rows(sender.cast)] == [("e-1", "reported")]


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_an_event_whose_subject_says_all_needs_no_data(sender: Sender, mode: str) -> None:
    sender.signed(sender.event())
    event = sender.event("withdrawn")
    del event["data"]
    if mode == "structured":
        answer = sender.signed(event)
    else:
        answer = sender.signed(b"", media="application/json", **{f"ce-{name}": one for name, one in event.items()})
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.content
    bare = sender.event()
    del bare["data"]
    assert sender.signed(bare).json()["code"] == "no_data"


@pytest.mark.parametrize("charset", ["idna", "utf-7", "nonsense"])
def test_a_charset_that_is_none_is_refused_like_any_other_broken_body(sender: Sender, charset: str) -> None:
    answer = sender.signed(sender.event(), media=f"{STRUCTURED}; charset={charset}")
    assert (answer.status_code, answer.json()["code"]) == (400, "encoding"), answer.content


def test_a_sender_that_asks_first_whether_it_is_welcome_is_told_so(sender: Sender) -> None:
    asked = {"WebHook-Request-Origin": "eventemitter.example", "WebHook-Request-Rate": "120"}
    answer = sender.client.options("/partners/events", headers=asked)
    assert (answer.status_code, answer["WebHook-Allowed-Origin"]) == (200, "eventemitter.example")
    assert (answer["WebHook-Allowed-Rate"], answer["Allow"]) == ("60", "GET, POST")
    assert sender.client.options("/partners/events").status_code == 405


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"webhook-signature": "v1,AAAA"}, "wrong_signature"),
        ({"webhook-id": "msg_2"}, "wrong_signature"),
        ({"webhook-signature": ""}, "not_signed"),
    ],
)
def test_a_forged_event_is_refused_and_not_kept(sender: Sender, change: dict[str, str], code: str) -> None:
    answer = sender.signed(sender.event(), **change)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert rows(sender.cast) == []


def test_an_unknown_partner_looks_like_a_wrong_signature(sender: Sender) -> None:
    known = sender.signed(sender.event(), **{"webhook-id": "x"})
    unknown = sender.signed(sender.event(), url="/partners/events?partner=nobody")
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    with transaction.atomic():
        partner_of(sender.cast, active=False)
    assert sender.signed(sender.event()).content == known.content


@pytest.mark.fault(84)
def test_a_secret_that_cannot_be_read_is_put_off_and_told_to_the_operator_who_gives_a_new_one(sender: Sender) -> None:
    Partner.objects.filter(pk=sender.partner.pk).update(secret=UNREADABLE)
    answer = sender.signed(sender.event())
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "secret_unreadable"
    assert rows(sender.cast) == []
    assert sender.bearing(sender.event()).status_code < 300, "a token opens all the same"
    told = secrets()
    assert (told.well, sender.partner.code in told.seen) == (False, True)
    with transaction.atomic():
        sender.secret = give_secret(partner=sender.partner, by=SYSTEM)
    assert sender.signed(sender.event()).status_code < 300
    assert secrets().well


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off_is_told(sender: Sender, minutes: int) -> None:
    answer = sender.signed(sender.event(), at=clock.now() + timedelta(minutes=minutes))
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_clock")
    assert datetime.fromisoformat(answer.json()["data"]["now"]).year >= 2026, "by which clock it is off"
    late = sender.event(time="2020-01-01T00:00:00Z")
    assert sender.signed(late).status_code == 200, "what happened long ago may be told today"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "cn.minqing.matter.eaten"}, "unknown_type"),
        ({"area": "nowhere"}, "unknown_area"),
        ({"area": "V3"}, "wrong_party"),
        ({"text": ""}, "data"),
        ({"text": {"a": 1}}, "data"),
    ],
)
def test_what_cannot_be_done_is_laid_aside_and_done_once_it_is_mended(
    sender: Sender, change: dict[str, Any], code: str
) -> None:
    event = sender.event()
    event["type"] = change.get("type", event["type"])
    event["data"] |= {name: value for name, value in change.items() if name != "type"}
    for _n in range(2):
        answer = sender.signed(event)
        assert (answer.status_code, answer.json()["state"]) == (202, "dead"), answer.content
    assert answer.json()["code"] == code, answer.json()
    assert matters(sender.cast) == []
    assert len(rows(sender.cast)) == 1


def test_a_dead_event_is_replayed_after_its_cause_is_mended(sender: Sender) -> None:
    assert sender.signed(sender.event(area="V3")).json()["code"] == "wrong_party"
    with transaction.atomic():
        partner_of(sender.cast, area=sender.cast.city)
    (row,) = rows(sender.cast)
    services.take_over(services.replay_event(event_id=row.pk, by=SYSTEM).pk)
    assert [one.area_id for one in matters(sender.cast)] == [sender.cast.far.id]
    told = list(Event.objects.filter(type__startswith="partners.event.").order_by("seq").values_list("type", flat=True))
    assert told == ["partners.event.received", "partners.event.laid_aside", "partners.event.replayed"]
    assert "13800005555" not in str(list(Event.objects.values()))


def test_a_partner_handles_no_matter_but_its_unit_s_and_speaks_for_no_reporter_but_its_own(sender: Sender) -> None:
    with transaction.atomic():
        ours = sender.cast.matter(number="MQ-2026-000001-7")
        theirs = sender.cast.matter(sender.cast.far)
    for kind, values in (("finished", {"text": "x"}), ("withdrawn", {}), ("confirmed", {"solved": True})):
        answers = [sender.signed(sender.event(kind, subject=f"matter:{one.pk}", **values)) for one in (ours, theirs)]
        assert answers[0].json()["state"] in {"dead", "waiting"}
        assert "matter" not in answers[0].json()
        assert answers[1].json()["code"] == "matter_unknown", "what it may not know of is not there"
    assert {one.state for one in matters(sender.cast)} == {"received"}


def test_tokens_need_the_scope_and_open_their_own_inbox_alone(sender: Sender) -> None:
    with transaction.atomic():
        _row, other = issue_token(partner=sender.partner, label="", scopes=["matters:read"], by=SYSTEM)
        partner_of(sender.cast, "police")
    assert sender.bearing(sender.event(), token=other).json()["code"] == "scope_missing"
    refused = sender.bearing(sender.event(), token="mq_nothing")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, 'Bearer realm="minqing"')
    assert sender.bearing({}, url="/partners/inbox/police").status_code == 404
    assert sender.client.get("/partners/inbox/police").status_code == 405
    assert rows(sender.cast) == []


@pytest.mark.fault(18)
def test_too_many_are_told_to_wait_and_nothing_is_lost(sender: Sender) -> None:
    with transaction.atomic():
        _row, slow = issue_token(
            partner=sender.partner, label="", scopes=["events:send"], rate=1, burst=1, by=SYSTEM
        )  # fmt: skip
    event = sender.event()
    assert sender.bearing(event, token=slow).status_code == 200
    answer = sender.bearing(sender.event(), token=slow)
    assert (answer.status_code, 50 <= int(answer["Retry-After"]) <= 60) == (429, True)
    assert len(rows(sender.cast)) == 1


def test_a_signed_partner_changes_its_secret_without_a_gap(sender: Sender) -> None:
    old = sender.secret
    with transaction.atomic():
        sender.secret = give_secret(partner=sender.partner, by=SYSTEM)
    assert sender.signed(sender.event()).status_code == 200
    sender.secret = old
    assert sender.signed(sender.event()).status_code == 200


MAPPING = """
id: order.no
source: hotline-12345
type:
  from: status
  values: {0: cn.minqing.matter.reported, 9: cn.minqing.matter.withdrawn}
time: created
sequence: version
data:
  partnernumber: order.no
  text: order.content
  area: {from: region, values: {"330683001": V1}, else: T1}
  reporter.name: caller.name
  reporter.phone: caller.mobile
  category: {always: road}
"""


def flat(**values: Any) -> dict[str, Any]:
    return {
        "order": {"no": 20261012001, "content": "路灯坏了"}, "region": 330683001, "status": 0,
        "created": "2026-10-12 08:00:00", "version": 1, "caller": {"name": "张桂芬", "mobile": "13800005555"},
    } | values  # fmt: skip


def test_a_partner_s_own_json_is_read_by_its_mapping(sender: Sender) -> None:
    url = "/partners/inbox/hotline"
    assert sender.signed(flat(), media="application/json", url=url).json()["code"] == "no_mapping"
    with transaction.atomic():
        partner_of(sender.cast, mapping=MAPPING)
    for _n in range(2):
        body = json.dumps(flat(), ensure_ascii=False).encode("gbk")
        answer = sender.signed(body, media="application/json;charset=GBK", url=url)
        assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.content
    (matter,) = matters(sender.cast)
    assert (matter.outside_number, matter.area_id, matter.text) == (
        "hotline:20261012001", sender.cast.own.id, "路灯坏了",
    )  # fmt: skip
    gone = flat(status=9, version=2, order={"no": 20261012001}) | {"order": {"no": 20261012001}}
    del gone["caller"]
    mapped = MAPPING.replace("id: order.no\n", "")
    with transaction.atomic():
        partner_of(sender.cast, mapping=mapped)
    assert sender.bearing(gone, media="text/plain", url=url).json()["state"] == "applied"
    assert matters(sender.cast)[0].state == "withdrawn"


def test_what_came_before_the_mapping_was_right_is_read_again(sender: Sender) -> None:
    url = "/partners/inbox/hotline"
    assert sender.signed(flat(), media="application/json", url=url).status_code == 400
    with transaction.atomic():
        partner_of(sender.cast, mapping=MAPPING)
    (row,) = rows(sender.cast)
    services.take_over(services.replay_event(event_id=row.pk, by=SYSTEM).pk)
    assert rows(sender.cast)[0].event == "20261012001"
    assert len(matters(sender.cast)) == 1
    assert sender.signed(flat(), media="application/json", url=url).status_code == 200
    assert len(matters(sender.cast)) == 1


def test_events_that_a_partner_missed_are_fetched(sender: Sender) -> None:
    with transaction.atomic():
        _row, token = issue_token(partner=sender.partner, label="", scopes=["events:receive"], by=SYSTEM)
    ask = {"Authorization": f"Bearer {token}"}
    answer = sender.client.get("/partners/events", headers=ask)
    assert (answer.status_code, answer.json()) == (200, {"events": [], "more": False})
    assert sender.client.get("/partners/events?after=soon", headers=ask).status_code == 400
    assert sender.client.get("/partners/events").status_code == 401
    assert sender.client.get("/partners/events", headers={"Authorization": f"Bearer {sender.token}"}).status_code == 403


@pytest.mark.fault(119)
def test_a_number_of_any_length_is_known_again(sender: Sender) -> None:
    """Longer than a column: its beginning and its digest, so that two of one beginning stay two."""
    for number in ("9" * 200, "9" * 300 + "1", "9" * 300 + "2"):
        for _twice in range(2):
            answer = sender.bearing(sender.event(partnernumber=number))
            assert answer.json()["state"] == "applied", answer.content
    assert len(matters(sender.cast)) == 3


@pytest.mark.fault(87)
@pytest.mark.parametrize("operator", ["replays", "settles"])
def test_a_correction_that_comes_while_the_operator_works_on_the_same_row_is_kept(
    sender: Sender, operator: str
) -> None:
    """The partner reads "laid aside" and writes a correction; the operator's hand is on the row meanwhile."""
    sender.signed(sender.event(id="e-1", area="nowhere"))
    (row,) = rows(sender.cast)
    done, answers = threading.Event(), []

    def correct() -> None:
        answers.append(sender.signed(sender.event(id="e-1", text="改正后的内容")))
        connection.close()
        done.set()

    with transaction.atomic():
        if operator == "replays":
            services.replay_event(event_id=row.pk, by=SYSTEM)
        else:
            services.settle_event(event_id=row.pk, by=SYSTEM)
        thread = threading.Thread(target=correct)
        thread.start()
        assert not done.wait(0.7), "the correction waits for the row"
    thread.join(20)
    assert answers[0].status_code == 202, answers[0].content
    kept = [
        one for one in rows(sender.cast) if "改正后的内容".encode() in base64.b64decode(json.loads(one.raw)["body"])
    ]
    assert len(kept) == 1, "what was answered as taken is there"
    assert kept[0].code == "id_used", "and is shown to the operator"


@pytest.mark.fault(87)
def test_a_correction_that_is_first_is_what_the_operator_replays(sender: Sender) -> None:
    sender.signed(sender.event(id="e-1", area="nowhere"))
    (row,) = rows(sender.cast)
    assert sender.signed(sender.event(id="e-1", text="改正后的内容")).json()["state"] == "applied"
    services.replay_event(event_id=row.pk, by=SYSTEM)
    assert [one.text for one in matters(sender.cast)] == ["改正后的内容"]


@pytest.mark.fault(74)
def test_an_event_with_a_text_of_which_nothing_can_be_seen_says_nothing() -> None:
    with pytest.raises(Invalid):
        check_data(FINISHED, {"partnernumber": "MQ-1", "text": "\u200b\u3164"})
    assert check_data(FINISHED, {"partnernumber": "MQ-1", "text": "\u202e修好\u200b了"})[0]["text"] == "修好了"
