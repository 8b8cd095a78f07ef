"""Clocks of a room that is not matters, with tables of its own: what deadlines does for whoever asks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.deadlines import Target, explain
from minqing.deadlines import services as deadlines
from minqing.deadlines.books import UPKEEPS
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import Norm
from minqing.deadlines.queries import ladder, reckoned, records_of, waiting_for
from minqing.deadlines.services import Promised
from minqing.deadlines.shapes import Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.queries import system_actor, work_time
from minqing.org.services import set_work_day
from tests.cast import Cast, at
from tests.deadlines.tiny import LETTERS, UPKEEP, Letter, LetterClock, save, tables

pytestmark = pytest.mark.django_db
FIFTEEN = Target(days=15)
FIFTEEN_PROMISED = Promised(days=15, way="letter")


@pytest.fixture(scope="module", autouse=True)
def _tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), tables():
        yield


@pytest.fixture
def letter(cast: Cast) -> Letter:
    return Letter.objects.create(unit=cast.bureau)


def june(day: int, time: str = "10:00") -> datetime:
    return at(f"2026-06-{day:02} {time}")


def begun(letter: Letter, target: Target = FIFTEEN) -> LetterClock:
    started = deadlines.start_clocks(LETTERS, letter, {"answer": target, "first": None}, at=june(1))
    save(letter, deadlines.deadline_of(LETTERS, started["answer"]))
    return started["answer"]


def of(letter: Letter) -> LetterClock:
    return LetterClock.objects.get(letter=letter)


def test_a_clock_starts_in_the_hours_of_the_thing_s_unit_in_one_statement(
    letter: Letter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # the county's working days, the ladder, and the row
        row = deadlines.start_clocks(LETTERS, letter, {"answer": FIFTEEN, "first": None}, at=june(1))["answer"]
    # fifteen working days after 1 June 2026, the Dragon Boat Festival (19 June) left out
    assert (row.due_at, row.kind, row.unit, row.target) == (june(23, "17:30"), "answer", letter.unit, "15d")
    assert deadlines.deadline_of(LETTERS, row) == {
        "due_at": june(23, "17:30"), "due_provisional": False, "rung": "officer",
    }  # fmt: skip


def test_whether_a_norm_or_somebody_gave_the_term_is_written_on_the_clock(letter: Letter) -> None:
    assert begun(letter).norm == ""
    promised = deadlines.promised("letter", "4h")
    assert isinstance(promised, Promised)
    assert deadlines.start_clocks(LETTERS, letter, {"first": promised}, at=june(1))["first"].norm == "letter"


def test_what_stopped_is_not_reckoned_and_what_was_called_off_does_not_count(letter: Letter) -> None:
    begun(letter)
    deadlines.start_clocks(LETTERS, letter, {"first": Target(hours=4)}, at=june(1))
    deadlines.stop_clocks(LETTERS.running(letter), at=june(2), counts=("answer",))
    told = LETTERS.clocks_of(letter).order_by("kind").values_list("kind", "stopped_at", "counts", "escalate_at")
    assert list(told) == [("answer", june(2), True, None), ("first", june(2), False, None)]
    assert not LETTERS.running(letter).exists()


def test_a_pause_stands_the_kinds_still_that_it_names_and_gives_back_the_days(letter: Letter) -> None:
    begun(letter)
    deadlines.start_clocks(LETTERS, letter, {"first": Target(days=5)}, at=june(1))
    until = deadlines.end_of_waiting(date(2026, 6, 10), at=june(2), longest=30)
    deadlines.begin_pause(LETTERS, letter, id=new_id(), reason="proof", stops=["answer"], until=until, at=june(2))
    assert deadlines.reckon_running(LETTERS, letter, at=june(2))["due_at"] is None
    assert list(LETTERS.clocks_of(letter).order_by("kind").values_list("kind", "due_at")) == [
        ("answer", None), ("first", june(8, "17:30")),
    ]  # fmt: skip
    deadlines.end_pause(LETTERS, letter, at=june(4))
    # two closes of business found it standing
    assert deadlines.reckon_running(LETTERS, letter, at=june(4))["due_at"] == june(25, "17:30")
    with override("zh-hans"):
        row = of_kind(letter, "answer")
        records = records_of(LETTERS, [letter.pk])[letter.pk]
        told = explain(reckoned(LETTERS, row, records, work_time(row.unit), june(5)), words={"proof": "等待身份证明"})
    assert any("等待身份证明" in sentence for sentence in told)


def of_kind(letter: Letter, kind: str) -> LetterClock:
    return LetterClock.objects.select_related("unit").get(letter=letter, kind=kind)


def test_nothing_waits_twice_at_once_or_for_longer_than_it_may(letter: Letter) -> None:
    for until in (date(2026, 6, 1), date(2026, 7, 15)):
        with pytest.raises(DomainError) as refusal:
            deadlines.end_of_waiting(until, at=june(2), longest=30)
        assert refusal.value.code == "until"
    given: dict[str, Any] = {"reason": "proof", "stops": ["answer"], "until": june(9), "at": june(2)}
    deadlines.begin_pause(LETTERS, letter, id=new_id(), **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        deadlines.begin_pause(LETTERS, letter, id=new_id(), **given)


def test_more_time_is_granted_by_another_and_told_in_the_reasons(letter: Letter, cast: Cast) -> None:
    row, handler, leader = begun(letter), cast.actor("handler"), cast.actor("leader")
    ask: dict[str, Any] = {"reason": "须调档案", "by": handler, "at": june(3)}
    assert deadlines.ask_for_more(LETTERS, letter, row, Target(days=3), id=new_id(), **ask) == 1
    assert refused(lambda: deadlines.ask_for_more(LETTERS, letter, row, Target(days=1), id=new_id(), **ask)) == (
        "asked_already"
    )
    assert refused(lambda: deadlines.decide_more(LETTERS, letter, granted=True, by=handler, at=june(4))) == (
        "own_request"
    )
    deadlines.decide_more(LETTERS, letter, granted=True, by=leader, at=june(4))
    assert deadlines.reckon_running(LETTERS, letter, at=june(4))["due_at"] == june(26, "17:30")
    assert refused(lambda: deadlines.decide_more(LETTERS, letter, granted=True, by=leader, at=june(4))) == (
        "nothing_asked"
    )


def test_more_time_is_asked_for_before_the_deadline_and_not_without_end(letter: Letter, cast: Cast) -> None:
    row, more = begun(letter), Target(days=1)
    ask: dict[str, Any] = {"reason": "须调档案", "by": cast.actor("handler")}
    late = lambda: deadlines.ask_for_more(LETTERS, letter, row, more, id=new_id(), at=june(24), **ask)  # noqa: E731
    assert refused(late) == "too_late"
    for _time in range(2):
        deadlines.ask_for_more(LETTERS, letter, row, more, id=new_id(), at=june(3), **ask)
        deadlines.decide_more(LETTERS, letter, granted=False, by=cast.actor("leader"), at=june(3))
    often = lambda: deadlines.ask_for_more(LETTERS, letter, row, more, id=new_id(), at=june(4), **ask)  # noqa: E731
    assert refused(often) == "too_often"


def test_what_fell_away_undecided_was_not_asked(letter: Letter, cast: Cast) -> None:
    row, ask = begun(letter), {"reason": "须调档案", "by": cast.actor("handler")}
    for _time in range(3):
        asked = deadlines.ask_for_more(LETTERS, letter, row, Target(days=1), id=new_id(), at=june(3), **ask)
        assert asked == 1
        deadlines.drop_requests(LETTERS, letter, at=june(4))


def refused(act: Any) -> str:
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        act()
    return refusal.value.code


def test_another_unit_goes_on_with_what_is_left_in_its_own_hours(letter: Letter, cast: Cast) -> None:
    cast.office.hours = {"every_day": True, "spans": [["08:00", "20:00"]]}
    cast.office.save(update_fields=["hours"])
    begun(letter, Target(days=5))
    due = deadlines.hand_over(LETTERS, letter, cast.office, LETTERS.running(letter), at=june(5))
    # three days counted at the bureau; Friday 5 and Saturday 6 at the office
    assert due["due_at"] == june(6, "20:00")
    assert (of(letter).unit, len(of(letter).relays)) == (cast.office, 1)


def test_a_changed_working_day_moves_the_deadline_and_the_room_is_told(letter: Letter, cast: Cast) -> None:
    begun(letter)
    by = system_actor("test")
    assert deadlines.reckon_clocks(of=[UPKEEP], by=by, at=june(2)).looked == 0
    with cast.everything():
        set_work_day(on=date(2026, 6, 10), working=False, name="民俗节", by=cast.actor("operator"))
    assert deadlines.reckon_clocks(of=[UPKEEP], by=by, at=june(2)).moved == 1
    letter.refresh_from_db()
    assert (letter.due_at, of(letter).due_at) == (june(24, "17:30"), june(24, "17:30"))
    assert "2026-06-24" in letter.told
    assert deadlines.reckon_clocks(of=[UPKEEP], by=by, at=june(2)).looked == 0


def test_what_is_overdue_climbs_the_room_s_own_ladder_and_comes_down_with_more_time(letter: Letter, cast: Cast) -> None:
    begun(letter)
    by = system_actor("test")
    for day, rung in ((23, Rung.OFFICER), (24, Rung.HEAD), (25, Rung.HEAD), (29, Rung.CITY)):
        deadlines.escalate_due(of=[UPKEEP], by=by, at=june(day))
        letter.refresh_from_db()
        assert letter.rung == rung, day
    assert deadlines.escalate_due(of=[UPKEEP], by=by, at=june(30)) == 0
    LETTERS.running(letter).update(target="40d")
    save(letter, deadlines.reckon_running(LETTERS, letter, at=june(30)))
    assert letter.rung == Rung.OFFICER


def test_a_room_without_pauses_has_nothing_to_take_up(letter: Letter) -> None:
    begun(letter)
    assert deadlines.resume_due(of=[UPKEEP], by=system_actor("test"), at=june(30)) == 0


@pytest.fixture
def known() -> Iterator[None]:
    """The room is one of the house's, and what it ships is loaded."""
    UPKEEPS.register(UPKEEP)
    deadlines.load_norms(by=system_actor("test"))
    yield
    UPKEEPS.forget("letters")


def test_what_a_room_promises_is_its_own_beside_what_another_promises(letter: Letter, known: None) -> None:
    assert deadlines.norm(LETTERS, "letter", "answer") == FIFTEEN_PROMISED
    assert deadlines.norm(LETTERS, "letter", "first") is None
    assert deadlines.norm(CLOCKS, "letter", "answer") is None
    assert deadlines.load_norms(by=system_actor("test")) == 0, "loaded once"


def test_the_operator_s_term_is_followed_by_what_runs_in_that_room_alone(
    letter: Letter, cast: Cast, known: None
) -> None:
    promised = deadlines.start_clocks(
        LETTERS, letter, {"answer": deadlines.norm(LETTERS, "letter", "answer")}, at=june(1)
    )
    other = Letter.objects.create(unit=cast.bureau)
    given = begun(other)
    norm: dict[str, Any] = {"way": "letter", "kind": "answer", "target": Target(days=20), "running": True}
    with pytest.raises(DomainError):
        deadlines.set_norm(book=LETTERS, **norm, by=cast.actor("clerk"))
    deadlines.set_norm(book=LETTERS, **norm, by=cast.actor("operator"))
    assert deadlines.reckon_clocks(of=[UPKEEP], by=system_actor("test"), at=june(2)).moved == 1
    rows = {row.pk: row.target for row in LetterClock.objects.all()}
    assert rows == {promised["answer"].pk: "20d", given.pk: "15d"}


def test_a_room_s_ladder_and_pauses_are_changed_without_touching_another_s(cast: Cast, known: None) -> None:
    operator, before = cast.actor("operator"), ladder(CLOCKS)
    deadlines.set_ladder(book=LETTERS, steps={Rung.CITY: Target(days=3)}, by=operator)
    deadlines.set_pause_rule(
        book=LETTERS, reason="proof", stops=["answer", "first"], longest=10, offered=True, by=operator
    )
    assert ladder(LETTERS) == (Step(Rung.CITY, Target(days=3)),)
    assert waiting_for(LETTERS, "proof") == ({"answer", "first"}, 10, True)
    assert ladder(CLOCKS) == before


def test_the_operator_s_pages_name_each_room_that_has_terms(cast: Cast, known: None) -> None:
    client = cast.client("operator")
    html = client.get("/matters/norms/").content.decode()
    assert "Letters · Letter" in html
    row = Norm.objects.get(room="letters")
    assert client.post("/matters/norms/", {"norm": row.pk, "amount": "9", "unit": "d"}).status_code == 302
    assert Norm.objects.get(room="letters").target == "9d"
    html = client.get("/matters/ladder/").content.decode()
    assert html.count('value="letters-') == 2
    waiting = {"form": "letters-proof", "offered": "on", "longest": "7", "stops": ["first"]}
    assert client.post("/matters/ladder/", waiting).status_code == 302
    assert waiting_for(LETTERS, "proof") == ({"first"}, 7, True)
