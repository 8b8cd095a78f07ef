"""What a phone hands in and what it is told, by the numbers of the cases that others met with such diaries."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.matters.models import Matter
from minqing.notify.models import Notice
from minqing.privacy.access import acting_as
from minqing.sync import kinds
from minqing.sync.enums import Outcome
from minqing.sync.models import Device, Entry
from minqing.visits.models import DiaryEntry, FileConflict, HouseholdAssignment, Visit
from minqing.visits.notifications import notify_of
from minqing.visits.operations import VISIT
from minqing.visits.services import follow_household
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import EXCHANGE, Phone

pytestmark = pytest.mark.django_db


def visits(cast: Cast) -> list[Visit]:
    with cast.everything():
        return list(Visit.objects.select_related("entry").order_by("recorded_at", "id"))


@pytest.fixture
def troubled() -> Any:
    """A kind that fails, or is refused, as its content says; taken away afterwards."""
    done: list[str] = []

    def apply(*, sent: kinds.Sent, content: Any, **_given: Any) -> kinds.Applied:
        if content["do"] == "fail":
            raise RuntimeError("a fault of ours")
        if content["do"] == "refuse":
            raise Invalid("no_such", "这条记录不能接收。")
        done.append(content["name"])
        return kinds.Applied(Outcome(content.get("outcome", "applied")))

    kinds.OPERATIONS.register(kinds.Operation(code="tests.note", schema=1, read=lambda content: content, apply=apply))
    yield done
    kinds.OPERATIONS.forget("tests.note")


def note(phone: Phone, name: str, about: str, do: str = "take") -> dict[str, Any]:
    return phone.put({"name": name, "do": do}, about=f"household:{about}", kind="tests.note")


@pytest.mark.fault(1)
def test_a_diary_whose_answer_was_lost_is_there_once_and_has_the_same_receipt(
    cast: Cast, phone: Phone, home: Home
) -> None:
    phone.write(home(), matter={"id": str(new_id()), "title": "屋顶漏雨"})
    first = phone.post(EXCHANGE, phone.message(phone.outbox)).json()
    again = phone.exchange()
    assert first["receipts"] == again["receipts"]
    assert [one.entry.text for one in visits(cast)] == ["老人说屋顶漏雨。"]
    with cast.everything():
        assert Matter.objects.count() == 1
    assert phone.outbox == []
    assert again["receipts"][0]["thing"] == f"visit:{visits(cast)[0].pk}"


@pytest.mark.case("A1")
def test_visits_to_a_household_that_went_to_others_are_taken_and_handed_over(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house = home()
    phone.exchange()
    assert list(phone.held) == [f"visits.home:{house.pk}"]
    with cast.everything() as system:
        Household.objects.filter(pk=house.pk).update(area=cast.far)
        follow_household(household_id=house.pk, area_id=cast.far.pk, by=system)
    for _time in range(3):
        phone.write(house)
    phone.exchange()
    assert phone.outcomes() == ["handed_over"] * 3
    assert {(one.account_id, one.area_id) for one in visits(cast)} == {(cast.account("cadre").id, cast.far.pk)}
    assert phone.held == {}


def test_a_diary_for_a_closed_household_is_taken_and_marked_and_who_leads_the_village_is_told(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house = home()
    with cast.everything():
        Household.objects.filter(pk=house.pk).update(closed_at=clock.now())
    written = phone.write(house)
    phone.exchange()
    receipt = phone.receipts[written["id"]]
    assert (receipt["outcome"], receipt["code"]) == ("applied", "household_closed")
    assert "已注销" in receipt["told"]
    page = cast.client("cadre").get(f"/visits/{visits(cast)[0].pk}/").content.decode()
    assert "已经注销" in page
    event = Event.objects.get(type="visits.visit.after_closing")
    for _time in range(2):
        notify_of(event)
    with acting_as(cast.actor("village_secretary")):
        assert Notice.objects.filter(kind="visits.after_closing").count() == 1


@pytest.mark.case("A7")
def test_a_phone_is_told_which_households_left_it_and_to_whom(cast: Cast, phone: Phone, home: Home) -> None:
    house, stays = home(), home()
    phone.exchange()
    with cast.everything() as system:
        HouseholdAssignment.objects.filter(household=house).update(until="2026-01-01")
    home_key = f"visits.home:{house.pk}"
    told = phone.exchange()
    assert told["pull"]["left"][home_key].startswith(cast.own.name)
    assert list(phone.held) == [f"visits.home:{stays.pk}"]
    assert system.kind == "system"


def test_a_household_that_was_never_in_ones_care_elsewhere_is_refused(cast: Cast, phone: Phone) -> None:
    phone.write(cast.household(cast.far))
    phone.exchange()
    assert phone.outcomes() == ["refused"]
    assert visits(cast) == []


@pytest.mark.case("A3")
def test_one_that_cannot_be_taken_holds_up_what_builds_on_it_and_nothing_else(phone: Phone, troubled: Any) -> None:
    made = [note(phone, str(n), about=str(n % 5), do={4: "fail", 6: "refuse"}.get(n, "take")) for n in range(1, 11)]
    told = phone.exchange()
    # the ninth is of the same household as the fourth
    assert {one["id"]: one["code"] for one in told["waits"]} == {made[3]["id"]: "failed", made[8]["id"]: "builds_on"}
    assert troubled == ["1", "2", "3", "5", "7", "8", "10"]
    refused = phone.receipts[made[5]["id"]]
    assert (refused["outcome"], refused["code"], refused["told"]) == ("refused", "no_such", "这条记录不能接收。")
    again = phone.post(EXCHANGE, phone.message([made[5]])).json()
    assert again["receipts"] == [refused]
    # sent later by itself, it still waits for the one before it
    alone = phone.exchange([made[8]])
    assert [one["code"] for one in alone["waits"]] == ["builds_on"]


def test_a_row_that_refers_to_nothing_undoes_its_own_operation_and_no_other(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house = home()

    def apply(*, sent: kinds.Sent, by: Any, at: Any, **_given: Any) -> kinds.Applied:
        with transaction.atomic():
            FileConflict.objects.create(household=house, resident_id=new_id(), area_id=house.area_id, account_id=by.id,
                                        field="lives_here", written_at=at, received_at=at)  # fmt: skip
        return kinds.Applied(Outcome.APPLIED)

    kinds.OPERATIONS.register(kinds.Operation(code="tests.note", schema=1, read=lambda content: content, apply=apply))
    try:
        broken = note(phone, "a", about="1")
        phone.write(house)
        told = phone.exchange()
    finally:
        kinds.OPERATIONS.forget("tests.note")
    assert [(one["id"], one["code"]) for one in told["waits"]] == [(broken["id"], "failed")]
    assert phone.outcomes() == ["applied"]
    assert len(visits(cast)) == 1


@pytest.mark.case("A9")
@pytest.mark.fault(6)
def test_a_series_in_another_order_ends_as_it_was_written(phone: Phone, troubled: Any) -> None:
    first, second, third = (note(phone, name, about="1") for name in "abc")
    assert [one["code"] for one in phone.exchange([third])["waits"]] == ["builds_on"]
    phone.exchange([second, first])
    phone.exchange()
    assert troubled == ["a", "b", "c"]
    assert phone.outbox == []


@pytest.mark.fault(6)
@pytest.mark.case("A40")
def test_what_builds_on_something_missing_waits_five_days_and_is_then_taken_and_marked(
    phone: Phone, troubled: Any
) -> None:
    made = [note(phone, name, about="1", do=do) for name, do in (("a", "fail"), ("b", "take"), ("c", "take"))]
    for one, days in zip(made, (6, 6, 4), strict=True):
        one["written_at"] = (phone.now() - timedelta(days=days)).isoformat()
    assert [one["code"] for one in phone.exchange()["waits"]] == ["failed", "builds_on", "builds_on"]
    told = phone.exchange()
    assert [one["code"] for one in told["waits"]] == ["failed", "builds_on"]
    assert troubled == ["b"]
    receipt = phone.receipts[made[1]["id"]]
    assert (receipt["outcome"], receipt["code"]) == ("applied", "taken_alone")
    assert "没有送到" in receipt["told"]


def test_who_comes_back_after_a_week_waits_for_what_is_missing_as_anybody(phone: Phone, troubled: Any) -> None:
    """What was old and has arrived makes nothing late: the oldest is the one that is still there."""
    made = [note(phone, name, about=name, do=do) for name, do in (("a", "take"), ("b", "fail"), ("c", "take"))]
    made.append(note(phone, "d", about="b"))
    for one, days in zip(made, (9, 8, 7, 6), strict=True):
        one["written_at"] = (phone.now() - timedelta(days=days)).isoformat()
    days_ago = {days: clock.local_date(phone.now() - timedelta(days=days)) for days in (8, 9)}

    def left() -> tuple[int, Any]:
        device = Device.objects.get(pk=phone.id)
        return device.waiting_told, device.oldest_told

    phone.exchange([made[2]])
    assert left() == (3, days_ago[9])
    again = phone.message([made[0]])
    # all that this message tells of has arrived: of the others the next one tells
    phone.exchange([made[0]])
    assert left() == (2, None)
    assert [one["code"] for one in phone.exchange([made[3]])["waits"]] == ["builds_on"]
    assert left() == (2, days_ago[8])
    # the same message twice
    phone.post(EXCHANGE, again)
    assert left() == (2, None)
    phone.exchange()
    assert left() == (2, days_ago[8])
    assert [one["code"] for one in phone.exchange()["waits"]] == ["failed"]
    assert phone.receipts[made[3]["id"]]["code"] == "taken_alone"


@pytest.mark.case("A17")
def test_what_was_sent_once_is_frozen_and_other_words_under_its_id_or_number_are_not_taken(
    cast: Cast, phone: Phone, home: Home
) -> None:
    house = home()
    first = phone.write(house)
    phone.exchange()
    edited = phone.write(house, text="另外的话")
    for changed, code in (({"id": first["id"]}, "id_taken"), ({"number": first["number"]}, "number_taken")):
        told = phone.exchange([edited | changed])
        assert [one["code"] for one in told["waits"]] == [code]
    assert [one.entry.text for one in visits(cast)] == ["老人说屋顶漏雨。"]
    phone.exchange()
    assert phone.outcomes() == ["applied", "applied"]


@pytest.mark.case("A10")
def test_the_server_says_what_has_not_arrived_from_a_phone_that_is_empty(
    cast: Cast, phone: Phone, troubled: Any
) -> None:
    for n in range(9):
        note(phone, str(n), about=str(n), do="take" if n < 2 else "fail")
    phone.exchange()
    device = Device.objects.get(pk=phone.id)
    assert (device.last_told, device.arrived, device.waiting_told) == (9, 2, 7)
    page = cast.client("cadre").get("/sync/").content.decode()
    assert "有 7 条还没有送到" in page
    # another phone of the same person says nothing of the first
    Phone(phone.client).register().exchange()
    assert "有 7 条还没有送到" in cast.client("operator").get("/sync/").content.decode()


@pytest.mark.case("A11")
@pytest.mark.fault(8)
def test_what_an_older_release_wrote_is_taken_in_todays_form(
    cast: Cast, phone: Phone, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = phone.write(home(), words="旧版写的话")

    def renamed(content: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in content.items() if name != "words"} | {"text": content["words"]}

    newer = replace(VISIT, schema=3, upcasters={1: renamed, 2: dict})
    monkeypatch.setitem(kinds.OPERATIONS.known, VISIT.code, newer)
    phone.write(home(), text="新版写的话")["schema_number"] = 3
    phone.exchange()
    assert phone.outcomes() == ["applied", "applied"], phone.receipts
    assert {one.entry.text for one in visits(cast)} == {"旧版写的话", "新版写的话"}
    assert old["schema_number"] == 1


def test_a_form_that_only_a_newer_server_knows_waits(cast: Cast, phone: Phone, home: Home) -> None:
    phone.write(home())["schema_number"] = 7
    assert [one["code"] for one in phone.exchange()["waits"]] == ["unknown_kind"]
    assert visits(cast) == []


@pytest.mark.fault(3)
@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_that_is_days_wrong_moves_no_visit(cast: Cast, phone: Phone, home: Home, days: int) -> None:
    phone.ahead = timedelta(days=days)
    written = phone.write(home())
    phone.exchange()
    (visit,) = visits(cast)
    assert abs(visit.visited_at - visit.recorded_at) < timedelta(seconds=30)
    assert Entry.objects.get(pk=written["id"]).written_at - visit.recorded_at > timedelta(days=days, minutes=-1)


@pytest.mark.case("A20")
def test_what_one_wrote_is_never_taken_as_anothers(cast: Cast, phone: Phone, home: Home) -> None:
    phone.write(home())
    phone.client = cast.client("village_secretary")
    answer = phone.post(EXCHANGE, phone.message(phone.outbox))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_device")
    assert phone.post("/sync/register", {"id": phone.id, "name": "x"}).status_code == 404
    assert visits(cast) == []


@pytest.mark.fault(4)
def test_who_holds_no_post_any_more_hands_in_nothing(cast: Cast, phone: Phone, home: Home) -> None:
    phone.write(home())
    with cast.everything():
        cast.account("cadre").posts.update(until="2026-01-01")
    answer = phone.post(EXCHANGE, phone.message(phone.outbox))
    assert (answer.status_code, answer.json()["code"]) == (403, "no_post")
    assert visits(cast) == []


def test_a_damaged_one_waits_and_arrives_whole(cast: Cast, phone: Phone, home: Home) -> None:
    written = phone.write(home())
    told = phone.exchange([written | {"body": written["body"][:-4] + '。"}'}])
    assert [one["code"] for one in told["waits"]] == ["damaged"]
    phone.exchange()
    assert phone.outcomes() == ["applied"]


@pytest.mark.parametrize(
    "wrong",
    [
        b"\xff", b"[", b"[]", b"{}", "message with a key too many", "too many operations", "a number below one",
        "a digest that is none", "a moment without its offset", "a NUL",
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_whole(cast: Cast, phone: Phone, home: Home, wrong: Any) -> None:
    written = phone.write(home())
    told = phone.message(phone.outbox)
    if wrong == "message with a key too many":
        told |= {"area": cast.far.pk}
    elif wrong == "too many operations":
        told["operations"] = [written] * 21
    elif wrong == "a number below one":
        written["number"] = 0
    elif wrong == "a digest that is none":
        written["digest"] = "x"
    elif wrong == "a moment without its offset":
        told["clock"] = "2026-11-30T08:00:00"
    elif wrong == "a NUL":
        written["body"] += "\0"
    answer = phone.post(EXCHANGE, wrong if isinstance(wrong, bytes) else told)
    assert answer.status_code == 422, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Entry.objects.exists()
    assert visits(cast) == []


def test_a_message_that_is_too_long_says_so(phone: Phone) -> None:
    assert phone.post(EXCHANGE, json.dumps({"x": "a" * 1024 * 1024})).status_code == 413


@pytest.mark.fault(21)
def test_a_diary_with_a_field_that_no_form_has_is_refused_with_its_place(phone: Phone, home: Home) -> None:
    phone.write(home(), area_id=1)
    phone.exchange()
    (receipt,) = phone.receipts.values()
    assert (receipt["outcome"], receipt["code"]) == ("refused", "invalid")
    assert "area_id" in receipt["told"]


def test_an_entry_cannot_be_changed_or_deleted_and_holds_no_word(cast: Cast, phone: Phone, home: Home) -> None:
    written = phone.write(home())
    phone.exchange()
    entry = Entry.objects.get(pk=written["id"])
    assert "漏雨" not in str(vars(entry))
    for change in ("UPDATE sync_entry SET outcome = 'refused'", "DELETE FROM sync_entry"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    with cast.everything():
        assert DiaryEntry.objects.count() == 1


def test_how_many_statements_an_entry_takes(phone: Phone, home: Home) -> None:
    """Its id, the visit, when the next is due, what was said with the event; around them a savepoint and release."""
    houses = [home() for _n in range(3)]
    phone.exchange()

    def statements(count: int) -> list[str]:
        for house in houses[:count]:
            phone.write(house)
        with CaptureQueriesContext(connection) as queries:
            phone.exchange()
        return [one["sql"] for one in queries.captured_queries]

    one, three = statements(1), statements(3)
    assert (len(one), len(three)) == (31, 43)
    begun = [sum("SAVEPOINT" in sql for sql in sent) for sent in (one, three)]
    assert begun == [6, 10]
    # receipts of one message are one statement, and so are the households that it is about
    for table in ("sync_", "households_household"):
        assert sum(table in sql for sql in three) == sum(table in sql for sql in one)


def test_a_place_comes_with_a_diary_where_somebody_tapped_for_it(cast: Cast, phone: Phone, home: Home) -> None:
    house = home()
    for point in ({"latitude": 29.7135, "longitude": 120.57, "accuracy": 12}, None):
        phone.write(house, point=point)["schema_number"] = 5
    phone.write(house, point={"latitude": 91, "longitude": 120.57, "accuracy": 12})["schema_number"] = 5
    phone.exchange()
    assert phone.outcomes() == ["applied", "applied", "refused"]
    with cast.everything():
        told = Visit.objects.order_by("recorded_at", "id").values_list("latitude", "accuracy", "datum")
        assert sorted(told, key=str) == [(29.7135, 12.0, "WGS-84"), (None, None, "")]
