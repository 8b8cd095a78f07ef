"""Updates of requests: FixMyStreet's extension, read and written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.matters.services import (
    accept_matter,
    add_note,
    assign_matter,
    decline_matter,
    finish_matter,
    withdraw_matter,
)
from minqing.open311.responses import format_time
from minqing.open311.rules import verb_of
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, category
from tests.open311 import validator
from tests.open311.conftest import BASE, Asker, Sender
from tests.open311.test_reading import asked

pytestmark = pytest.mark.django_db
REPLY = "路灯已修好。"


@pytest.fixture(autouse=True)
def _service() -> None:
    category()


def matter_of(cast: Cast, number: str) -> Matter:
    with cast.everything():
        return Matter.objects.get(number=number)


def answered(cast: Cast, number: str) -> Matter:
    matter = matter_of(cast, number)
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        assign_matter(id=new_id(), matter=matter, unit=cast.bureau.pk, due_days=5, by=by)
        accept_matter(id=new_id(), matter=matter, by=by)
        finish_matter(id=new_id(), matter=matter, reply=REPLY, by=by)
    return matter


def post(ask: Asker, key: str, number: str, *, form: str = "xml", **data: Any) -> Any:
    sent = {"api_key": key, "service_request_id": number, "description": "还是不亮"} | data
    return ask.client.post(f"{BASE}/servicerequestupdates.{form}", {k: v for k, v in sent.items() if v is not None})


def updates(ask: Asker, **query: Any) -> list[dict[str, Any]]:
    found = ask.both("/servicerequestupdates", "service_request_updates", validator.UPDATES, **query)
    return list(found)


def test_what_happened_is_listed_the_oldest_first_and_words_are_for_the_sender(
    cast: Cast, ask: Asker, sender: Sender, another: Callable[..., Sender]
) -> None:
    number = ask.made(sender.key, address_id="V1")
    assert updates(ask) == [], "that it came in is no update"
    matter = answered(cast, number)
    with transaction.atomic(), acting_as(cast.actor("clerk")) as by:
        add_note(id=new_id(), matter=matter, text="CANARY-INSIDE", by=by)
    told = updates(ask, api_key=sender.key)
    assert [one["status"] for one in told] == ["OPEN", "OPEN", "CLOSED"]
    assert {one["service_request_id"] for one in told} == {number}
    assert told[-1]["description"] == REPLY
    for query in ({}, {"api_key": another("other").key}):
        others = updates(ask, **query)
        assert [one["update_id"] for one in others] == [one["update_id"] for one in told]
        assert REPLY not in str(others)
        assert "CANARY" not in str(others)


def test_updates_are_narrowed_by_their_time_and_paged(cast: Cast, ask: Asker, sender: Sender) -> None:
    answered(cast, ask.made(sender.key))
    later = format_time(clock.now() + timedelta(minutes=5))
    assert updates(ask, start_date=later) == []
    assert len(updates(ask, end_date=later)) == 3
    assert len(updates(ask, page_size="2")) == 2
    assert len(updates(ask, page_size="2", page="2")) == 1
    assert ask.get("/servicerequestupdates.xml", page_size="2")["Link"].endswith('rel="next"')
    long = ask.both("/servicerequestupdates", "errors", validator.ERRORS, expect=400,
                    start_date="2020-01-01T00:00:00Z", end_date="2021-01-01T00:00:00Z")  # fmt: skip
    assert len(long) == 1


@pytest.mark.parametrize("form", ["xml", "json"])
def test_not_solved_opens_the_request_again_and_is_known_when_it_comes_twice(
    cast: Cast, ask: Asker, sender: Sender, form: str
) -> None:
    number = ask.made(sender.key)
    answered(cast, number)
    answers = [post(ask, sender.key, number, form=form, status="OPEN", update_id="77") for _twice in range(2)]
    read = (
        validator.read_json(answers[0].content, validator.UPDATED)
        if form == "json"
        else validator.read_xml(answers[0].content, "service_request_updates", validator.UPDATED)
    )
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert matter_of(cast, number).state == State.ASSIGNED
    with cast.everything():
        assert Confirmation.objects.get().solved is False
        assert str(Step.objects.get(move="reopen").pk) == read[0]["update_id"]
    assert read[0]["update_id"] in {one["update_id"] for one in updates(ask)}


def test_closed_confirms_an_answer_and_before_one_is_only_said(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key)
    assert post(ask, sender.key, number, status="FIXED", description="自己好了").status_code == 200
    assert matter_of(cast, number).state == State.RECEIVED
    answered(cast, number)
    assert post(ask, sender.key, number, status="CLOSED", description="谢谢").status_code == 200
    assert matter_of(cast, number).state == State.CONFIRMED
    with cast.everything():
        assert [one.move for one in Step.objects.filter(text="自己好了")] == ["note"]


def test_a_word_from_before_the_answer_is_a_note_and_opens_nothing(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key)
    answered(cast, number)
    before = format_time(clock.now() - timedelta(hours=1))
    assert post(ask, sender.key, number, status="OPEN", updated_datetime=before).status_code == 200
    assert matter_of(cast, number).state == State.FINISHED
    with cast.everything():
        assert not Step.objects.get(text="还是不亮").public


def test_what_was_withdrawn_or_declined_is_opened_again_or_appealed(cast: Cast, ask: Asker, sender: Sender) -> None:
    withdrawn, declined = (ask.made(sender.key, address_id="V1", description=text) for text in "一二")
    with transaction.atomic(), acting_as(system_actor("test")) as by:
        withdraw_matter(id=new_id(), matter=matter_of(cast, withdrawn), by=by)
    with transaction.atomic(), acting_as(cast.actor("clerk")) as by:
        decline_matter(id=new_id(), matter=matter_of(cast, declined), reason="不归我们", by=by)
    for number in (withdrawn, declined):
        assert post(ask, sender.key, number, status="OPEN").status_code == 200
        assert matter_of(cast, number).state == State.RECEIVED


def test_the_same_content_within_ten_minutes_is_one_update(cast: Cast, ask: Asker, sender: Sender) -> None:
    number = ask.made(sender.key)
    same = {post(ask, sender.key, number, media_url="https://example.org/1.jpg").content for _twice in range(2)}
    other = post(ask, sender.key, number, description="又来了").content
    assert len({*same, other}) == 2
    with cast.everything():
        first, _second = Step.objects.filter(move="note").order_by("at")
        assert first.text == "还是不亮\nmedia_url: https://example.org/1.jpg"


def test_only_the_key_that_sent_a_request_adds_to_it(
    cast: Cast, ask: Asker, sender: Sender, another: Callable[..., Sender]
) -> None:
    number = ask.made(sender.key)
    statuses = {
        "no key": post(ask, "", number).status_code,
        "another key": post(ask, another("other").key, number).status_code,
        "no such request": post(ask, sender.key, "MQ-2026-000999-1").status_code,
        "no request": post(ask, sender.key, number, service_request_id=None).status_code,
        "nothing said": post(ask, sender.key, number, description=" ").status_code,
    }
    assert statuses == {
        "no key": 403, "another key": 403, "no such request": 404, "no request": 400, "nothing said": 400,
    }  # fmt: skip
    with cast.everything():
        assert Step.objects.filter(move="note").count() == 0


@pytest.mark.parametrize(
    ("state", "status", "fresh", "verb"),
    [
        ("finished", "closed", True, "solved"), ("finished", "open", True, "unsolved"),
        ("confirmed", "open", True, "unsolved"), ("confirmed", "closed", True, "note"),
        ("accepted", "closed", True, "note"), ("accepted", "open", True, "note"), ("finished", "", True, "note"),
        ("merged", "open", True, "note"), ("withdrawn", "open", True, "reopen"), ("declined", "open", True, "appeal"),
        ("finished", "open", False, "note"), ("finished", "closed", False, "note"),
    ],
)  # fmt: skip
def test_what_an_update_comes_to(state: str, status: str, fresh: bool, verb: str) -> None:
    assert verb_of(state, status, fresh=fresh) == verb


@pytest.mark.parametrize(("with_key", "expected"), [(False, 5), (True, 8)])
def test_updates_cost_the_same_few_statements_however_many(
    cast: Cast, ask: Asker, sender: Sender, with_key: bool, expected: int
) -> None:
    query = {"api_key": sender.key} if with_key else {}
    ask.get("/servicerequestupdates.json", **query)
    for requests in (1, 3):
        while len(ask.requests()) < requests:
            answered(cast, ask.made(sender.key, description=str(len(ask.requests()))))
        with CaptureQueriesContext(connection) as queries:
            answer = ask.get("/servicerequestupdates.json", **query)
        assert answer.content.decode().count("update_id") == 3 * requests
        assert len(asked(queries)) == expected, "\n".join(asked(queries))


@pytest.mark.parametrize("path", ["//services.xml", "//requests.json", "//discovery.json"])
def test_a_slash_too_many_before_the_resource_does_no_harm(cast: Cast, ask: Asker, path: str) -> None:
    answer = ask.client.get(f"{BASE}{path}")
    assert answer.status_code == 200
    assert path.rpartition(".")[2] in answer["Content-Type"]
