"""GET requests: filters, dates, several at once, pages, extensions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import human_number
from minqing.localnames.services import Said, set_names
from minqing.matters.enums import Channel, State
from minqing.matters.models import Matter, Step
from minqing.matters.models.naming import STATES
from minqing.open311.responses import format_time
from tests.cast import Cast, category
from tests.open311 import validator
from tests.open311.conftest import ASKING, CODE, Asker, Sender

pytestmark = pytest.mark.django_db
SERIAL = iter(range(500_000, 900_000))


def filed(cast: Cast, *, days: float = 0, state: State = State.RECEIVED, code: str = CODE, **values: Any) -> Matter:
    at = clock.now() - timedelta(days=days)
    given: dict[str, Any] = {} if state in {State.RECEIVED, State.WITHDRAWN} else {"lead_unit": cast.bureau}
    if state in {State.FINISHED, State.CONFIRMED}:
        given["finished_at"] = at
    return cast.matter(
        number=human_number("MQ", 2026, next(SERIAL)), channel=Channel.OPEN311, category=category(code), state=state,
        received_at=at, **{"changed_at": at} | given | values,
    )  # fmt: skip


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["service_request_id"] for row in rows]


def test_a_request_has_every_element_of_the_specification(cast: Cast, ask: Asker) -> None:
    due = clock.now() + timedelta(days=3)
    one = filed(cast, state=State.ACCEPTED, due_at=due, latitude=29.58861, longitude=120.82134, place="溪边路3号")
    (row,) = ask.requests()
    assert set(row) == set(validator.REQUEST)
    assert row["service_request_id"] == one.number
    assert (row["status"], row["service_code"], row["service_name"]) == ("open", CODE, "道路")
    assert row["agency_responsible"] == "市交通运输局"
    assert row["requested_datetime"] == format_time(one.received_at)
    assert row["expected_datetime"] == format_time(due)
    assert row["address"] == "棠溪村, 石璜镇, 嵊州市", "from most specific to most general"
    assert row["address_id"] == "V1"
    assert (row["lat"], row["long"]) == (29.589, 120.821)


def test_no_requests_are_an_empty_list(cast: Cast, ask: Asker) -> None:
    assert ask.requests() == []


def test_by_default_the_last_90_days_are_listed_the_newest_first(cast: Cast, ask: Asker) -> None:
    new, old, _before = filed(cast, days=1), filed(cast, days=89), filed(cast, days=91)
    assert numbers(ask.requests()) == [new.number, old.number]


def test_dates_narrow_to_when_it_was_requested_both_ends_included(cast: Cast, ask: Asker) -> None:
    one = filed(cast, days=100)
    at = format_time(one.received_at)
    assert numbers(ask.requests(start_date=at, end_date=at)) == [one.number]
    later = format_time(one.received_at + timedelta(seconds=2))
    assert ask.requests(start_date=later, end_date=later) == []


def test_a_start_or_an_end_alone_spans_90_days(cast: Cast, ask: Asker) -> None:
    one = filed(cast, days=100)
    assert numbers(ask.requests(start_date=format_time(one.received_at - timedelta(days=1)))) == [one.number]
    assert numbers(ask.requests(end_date=format_time(one.received_at + timedelta(days=1)))) == [one.number]
    assert ask.requests(start_date=format_time(one.received_at - timedelta(days=91))) == []


def test_an_empty_date_is_as_one_that_was_not_sent(cast: Cast, ask: Asker) -> None:
    one = filed(cast)
    empty = dict.fromkeys(("start_date", "end_date", "status", "service_code", "service_request_id", "page"), "")
    assert numbers(ask.requests(**empty, jurisdiction_id="", api_key="")) == [one.number]


def test_more_than_90_days_are_a_bad_request(cast: Cast, ask: Asker) -> None:
    told = ask.errors("/requests", 400, start_date="2026-01-01T00:00:00Z", end_date="2026-04-02T00:00:00Z")
    assert "90" in told[0]
    assert ask.errors("/requests", 400, start_date="2026-02-01T00:00:00Z", end_date="2026-01-01T00:00:00Z")


def test_a_date_that_is_none_is_a_bad_request_and_all_faults_are_told(cast: Cast, ask: Asker) -> None:
    told = ask.errors("/requests", 400, start_date="01-01-2026", end_date="x", status="new")
    assert len(told) == 3
    assert any("start_date" in one for one in told)
    assert any("end_date" in one for one in told)
    assert any("status" in one for one in told)


def test_the_offset_of_a_date_is_heeded(cast: Cast, ask: Asker) -> None:
    one = filed(cast, days=10)
    local = one.received_at.astimezone(clock.SHANGHAI)
    at = local.replace(microsecond=0).isoformat()
    assert numbers(ask.requests(start_date=at, end_date=at)) == [one.number]
    unescaped = ask.client.get(f"/open311/v2/requests.json?start_date={at}&end_date={at}")
    assert one.number in unescaped.content.decode(), "a plus that came as a blank"


def test_status_is_open_until_the_unit_has_answered(cast: Cast, ask: Asker) -> None:
    by_state = {state: filed(cast, state=state).number for state in State}
    opened = {by_state[State.RECEIVED], by_state[State.ASSIGNED], by_state[State.ACCEPTED]}
    assert set(numbers(ask.requests(status="open"))) >= opened
    assert by_state[State.FINISHED] in numbers(ask.requests(status="closed"))
    found = {row["service_request_id"]: row["status"] for row in ask.requests(status="open,closed")}
    assert set(found) == set(by_state.values())
    assert {number for number, status in found.items() if status == "open"} == set(numbers(ask.requests(status="open")))
    assert set(numbers(ask.requests(status=["open", "closed"]))) == set(by_state.values()), "declared several times"


def test_service_codes_narrow_with_commas_or_several_times(cast: Cast, ask: Asker) -> None:
    road, lamp = filed(cast, days=1), filed(cast, days=2, code=ASKING)
    filed(cast, code="rural.water")
    assert numbers(ask.requests(service_code=CODE)) == [road.number]
    assert numbers(ask.requests(service_code=f"{CODE}, {ASKING}")) == [road.number, lamp.number]
    assert numbers(ask.requests(service_code=[CODE, ASKING])) == [road.number, lamp.number]
    assert ask.requests(service_code="nothing") == []


def test_several_numbers_override_all_other_arguments_wrong_ones_too(cast: Cast, ask: Asker) -> None:
    old, new = filed(cast, days=400), filed(cast, state=State.FINISHED)
    filed(cast)
    asked = f"{old.number},{new.number},MQ-2026-999999-9,nonsense"
    rows = ask.requests(service_request_id=asked, status="x", start_date="y", service_code="z")
    assert numbers(rows) == [new.number, old.number]


def test_one_request_is_found_by_its_number_and_several_by_commas(cast: Cast, ask: Asker) -> None:
    old, new = filed(cast, days=400), filed(cast)
    assert numbers(ask.requests(f"/requests/{old.number}")) == [old.number]
    assert numbers(ask.requests(f"/requests/{old.number},{new.number}")) == [new.number, old.number]


def test_an_unknown_number_is_not_found(cast: Cast, ask: Asker) -> None:
    for number in ("MQ-2026-999999-9", "123456", "x", "0", "路", "MQ-2026-000001-3/../x"):
        assert "service_request_id" in ask.errors(f"/requests/{number}", 404)[0]
    assert "service_request_id" in ask.errors("/requests/", 400)[0]


def test_a_number_is_its_own_token(cast: Cast, ask: Asker) -> None:
    one = filed(cast)
    rows = ask.both(f"/tokens/{one.number}", "service_requests", validator.TOKENS)
    assert rows == [{"service_request_id": one.number, "token": one.number}]
    assert "token" in ask.errors("/tokens/12345", 404)[0]
    assert "token" in ask.errors("/tokens/", 400)[0]


def test_pages_do_not_overlap_and_link_to_one_another(cast: Cast, ask: Asker, sender: Sender) -> None:
    made = [filed(cast, days=day).number for day in range(5)]
    assert numbers(ask.requests(page=1, page_size=2)) == made[:2]
    assert numbers(ask.requests(page=2, per_page=2)) == made[2:4]
    first = ask.get("/requests.json", page=1, page_size=2, status="open", api_key=sender.key)
    assert (first["X-Page"], first["X-Page-Size"]) == ("1", "2")
    assert 'rel="next"' in first["Link"]
    assert 'rel="prev"' not in first["Link"]
    assert "page=2" in first["Link"]
    assert "status=open" in first["Link"]
    assert sender.key not in first["Link"]
    last = ask.get("/requests.json", page=3, page_size=2)
    assert 'rel="next"' not in last["Link"]
    assert ask.requests(page=4, page_size=2) == []
    assert "Link" not in ask.get("/requests.json")


@pytest.mark.parametrize("wrong", [{"page": "0"}, {"page": "x"}, {"page_size": "-1"}, {"page_size": "²"}])
def test_a_page_that_is_no_number_is_a_bad_request(cast: Cast, ask: Asker, wrong: dict[str, str]) -> None:
    assert next(iter(wrong)) in ask.errors("/requests", 400, **wrong)[0]


def test_at_most_a_thousand_are_given_at_once(cast: Cast, ask: Asker) -> None:
    assert ask.get("/requests.json", page_size="100000")["X-Page-Size"] == "1000"
    assert ask.get("/requests.json")["X-Page-Size"] == "1000"


def test_changes_are_found_by_when_they_happened(cast: Cast, ask: Asker) -> None:
    one, _other = filed(cast, days=200), filed(cast, days=50)
    changed = clock.now() - timedelta(days=2)
    with cast.everything():
        Matter.objects.filter(pk=one.pk).update(changed_at=changed)
    assert numbers(ask.requests(updated_after=format_time(changed))) == [one.number]
    window = {"updated_after": format_time(changed - timedelta(days=1)), "updated_before": format_time(changed)}
    assert numbers(ask.requests(**window)) == [one.number]
    assert numbers(ask.requests(updated_before=format_time(changed - timedelta(days=1)))) == [_other.number]
    assert "updated_after" in ask.errors("/requests", 400, updated_after="x")[0]


def test_a_closed_request_was_updated_when_it_was_closed_and_is_found_by_that(cast: Cast, ask: Asker) -> None:
    now = clock.now()
    closed = {state: now - timedelta(days=3) for state in (State.FINISHED, State.CONFIRMED)}
    rows = {filed(cast, state=state, finished_at=at, changed_at=now).number: at for state, at in closed.items()}
    gone = filed(cast, state=State.WITHDRAWN, closed_at=now - timedelta(days=4), changed_at=now)
    opened = filed(cast, state=State.ACCEPTED, finished_at=now - timedelta(days=9), changed_at=now)
    expected = rows | {gone.number: gone.closed_at, opened.number: now}
    assert {one["service_request_id"]: one["updated_datetime"] for one in ask.requests()} == {
        number: format_time(at) for number, at in expected.items()
    }
    assert numbers(ask.requests(updated_after=format_time(now - timedelta(hours=1)))) == [opened.number]
    window = {
        "updated_after": format_time(now - timedelta(days=5)),
        "updated_before": format_time(now - timedelta(days=3)),
    }
    assert set(numbers(ask.requests(**window))) == {*rows, gone.number}


def test_extensions_add_history_answers_and_the_finer_state(cast: Cast, ask: Asker, sender: Sender) -> None:
    values = {"attribute[what]": "lamp", "attribute[danger][]": ["fall", "dark"]}
    number = ask.made(sender.key, service_code=ASKING, description="路灯", **values)
    own = ask.both(
        f"/requests/{number}", "service_requests", validator.EXTENDED_REQUESTS, extensions="true", api_key=sender.key
    )[0]
    assert [(one["code"], one["value"], one["name"]) for one in own["attributes"]] == [
        ("what", "lamp", "路灯"), ("danger", "fall", "会绊倒人"), ("danger", "dark", "夜里看不见"),
    ]  # fmt: skip
    assert own["extended_attributes"]["title"] == "路灯"
    assert own["extended_attributes"]["detailed_status"] == "RECEIVED"
    assert [one["type"] for one in own["notes"]] == ["received"]
    other = ask.both("/requests", "service_requests", validator.EXTENDED_REQUESTS, extensions="true")[0]
    assert other["attributes"] == []
    assert other["extended_attributes"]["title"] is None
    assert len(other["notes"]) == 1
    assert "notes" not in ask.requests()[0], "only when asked for"


def test_a_point_on_a_chinese_map_is_told_in_wgs_84(cast: Cast, ask: Asker) -> None:
    filed(cast, latitude=29.586009, longitude=120.825435, datum="GCJ-02")
    (row,) = ask.requests()
    assert (row["lat"], row["long"]) == (29.589, 120.821)


def asked(queries: CaptureQueriesContext) -> list[str]:
    """Statements without the savepoints that stand for the transactions of a real request."""
    return [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]


@pytest.mark.parametrize(("with_key", "extended", "expected"), [(False, False, 5), (True, False, 8), (True, True, 8)])
def test_a_list_costs_the_same_few_statements_whatever_its_length(
    cast: Cast, ask: Asker, sender: Sender, with_key: bool, extended: bool, expected: int
) -> None:
    query = ({"api_key": sender.key} if with_key else {}) | ({"extensions": "true"} if extended else {})
    ask.get("/requests.json", **query)  # the key's first use of the day is noted
    for more, rows in ((1, 1), (2, 3), (47, 50)):
        for _n in range(more):
            one = filed(cast, state=State.FINISHED)
            with cast.everything(), transaction.atomic():
                Step.objects.create(
                    id=one.pk, matter=one, move="receive", state="received", at=one.received_at, by=sender.ref
                )
        with CaptureQueriesContext(connection) as queries:
            answer = ask.get("/requests.json", **query)
        assert answer.content.decode().count("service_request_id") == rows
        assert len(asked(queries)) == expected, "\n".join(asked(queries))


def test_the_note_begins_with_the_residents_word_and_the_type_is_an_extension(cast: Cast, ask: Asker) -> None:
    filed(cast, state=State.ACCEPTED)
    words = {"accepted": Said("在办", "正在处理")}
    set_names(kind=STATES, language="zh-hans", words=words, by=cast.actor("operator"))
    query = {"extensions": "true", "locale": "zh-hans"}
    (row,) = ask.both("/requests", "service_requests", validator.EXTENDED_REQUESTS, **query)
    assert row["status"] == "open"
    assert row["status_notes"].startswith("正在处理：")
    told = row["extended_attributes"]
    assert (told["state"], told["state_label"], told["detailed_status"]) == ("accepted", "正在处理", "IN_PROCESS")
