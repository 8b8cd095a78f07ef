"""A matter that waits: its clocks stand still, and what is left of its time is left."""

from __future__ import annotations

import pytest

from minqing.deadlines.queries import reckoned, records_of
from minqing.matters.enums import ClockKind, Move, State
from minqing.matters.models import Pause
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.queries import work_time
from tests.cast import Cast, at, category
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def test_the_deadline_is_open_while_it_waits_and_moves_by_the_days_it_waited(life: Life) -> None:
    before = life.accepted()
    assert before.due_at == june(8, "17:30")
    given = {"reason": "season", "until": june(30).date(), "text": "等雨季过去。", "at": june(2)}
    matter = life.once("handler", "suspend_matter", before, **given)
    assert (matter.state, matter.due_at) == (State.SUSPENDED, None)
    assert life.clock(matter, ClockKind.FINISH).escalate_at is None
    assert life.read_outside(matter)[-1] == (Move.SUSPEND, "等雨季过去。")
    matter = life.once("handler", "resume_matter", matter, note="\x00雨停了", at=june(4))
    assert matter.state == State.ACCEPTED
    assert matter.due_at == june(10, "17:30"), "two days later"
    finish = life.clock(matter, ClockKind.FINISH)
    assert finish.due_at == finish.escalate_at == matter.due_at
    assert life.read_outside(matter)[-1] == (Move.RESUME, "雨停了")


def test_time_that_it_waits_is_not_counted_however_long(life: Life) -> None:
    matter = life.suspended()
    row = life.clock(matter, ClockKind.FINISH)

    def elapsed(day: int) -> object:
        record = life.look(lambda: records_of(CLOCKS, [matter.pk]))[matter.pk]
        return reckoned(CLOCKS, row, record, work_time(row.unit), june(day)).elapsed

    assert elapsed(2) == elapsed(10) == elapsed(19)


def test_what_had_fallen_due_before_stays_due_and_climbs_no_ladder_meanwhile(life: Life) -> None:
    matter = life.accepted()
    late = {"reason": "reporter", "until": june(30).date(), "text": "等您", "at": june(9)}
    matter = life.do("handler", "suspend_matter", matter, **late)
    assert matter.due_at == june(8, "17:30"), "nobody is given back what has passed"
    matter = life.do("handler", "resume_matter", matter, at=june(29))
    assert matter.due_at == june(8, "17:30")
    assert life.clock(matter, ClockKind.FINISH).escalate_at == june(8, "17:30")
    matter = life.do("system", "escalate_matter", matter, at=june(29, "11:00"))
    # one day late before the pause: the township hears after a second one
    assert life.clock(matter, ClockKind.FINISH).escalate_at == june(30, "17:30")


def test_which_clocks_stand_still_depends_on_the_reason(life: Life) -> None:
    road = category("with-law", name="道路", legal_term="60nd", working_days=5)
    matter = life.do("clerk", "assign_matter", life.report(), unit=life.cast.bureau.id, category=road.code,
                     at=monday("09:00"))  # fmt: skip
    matter = life.do("handler", "accept_matter", matter, at=monday("09:30"))
    season = {"reason": "season", "until": june(30).date(), "text": "等", "at": june(2)}
    matter = life.do("handler", "suspend_matter", matter, **season)
    assert life.clock(matter, ClockKind.LEGAL).due_at is not None, "the law does not wait for the season"
    matter = life.do("handler", "resume_matter", matter, at=june(3))
    matter = life.do("handler", "suspend_matter", matter, **season | {"reason": "reporter", "at": june(4)})
    assert life.clock(matter, ClockKind.LEGAL).due_at is None


def test_a_legal_term_named_later_leaves_out_the_time_that_it_waited_for_the_reporter(life: Life) -> None:
    matter = life.suspended()
    matter = life.do("handler", "resume_matter", matter, at=june(12))
    road = category("with-law", name="道路", legal_term="20nd", working_days=5)
    matter = life.do("clerk", "classify_matter", matter, category=road.code, at=june(15))
    legal = life.clock(matter, ClockKind.LEGAL)
    # 20 natural days from June 1, ten of them paused: July 1
    assert (legal.started_at, legal.due_at) == (matter.received_at, at("2026-07-01 17:30"))


def test_a_clock_that_starts_while_the_matter_waits_stands_still_from_the_first(life: Life) -> None:
    matter = life.do("leader", "supervise_matter", life.suspended(), order="抓紧", at=june(3))
    assert life.clock(matter, ClockKind.REPORT).due_at is None
    assert life.clock(matter, ClockKind.SUPERVISION).due_at is None
    matter = life.do("handler", "report_on_matter", matter, text="还在等", at=june(4))
    assert life.clock(matter, ClockKind.REPORT).due_at is None
    matter = life.do("handler", "resume_matter", matter, at=june(5))
    assert life.clock(matter, ClockKind.REPORT).due_at is not None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"until": june(1).date(), "at": june(2)}, "until"),
        ({"until": at("2027-06-03 00:00").date(), "at": june(2)}, "until"),
        ({"text": " \x00"}, "text_missing"),
    ],
)
def test_it_waits_for_something_and_not_for_ever(life: Life, values: dict[str, object], code: str) -> None:
    given = {"reason": "reporter", "until": june(9).date(), "text": "等", "at": june(2)}
    life.refused(code, "handler", "suspend_matter", life.accepted(), **given | values)


def test_who_may_suspend_and_resume(life: Life) -> None:
    matter = life.accepted()
    given = {"reason": "reporter", "until": june(9).date(), "text": "等", "at": june(2)}
    life.refused("wrong_party", "cadre", "suspend_matter", matter, **given)
    life.refused("not_found", "far_clerk", "suspend_matter", matter, **given)
    life.refused("wrong_state", "handler", "resume_matter", matter)
    matter = life.do("handler", "suspend_matter", matter, **given)
    life.refused("wrong_state", "handler", "suspend_matter", matter, **given)
    life.refused("wrong_state", "handler", "finish_matter", matter, reply="好了")
    life.refused("wrong_party", "cadre", "resume_matter", matter)


def test_withdrawn_while_it_waited_leaves_no_pause_and_no_clock(life: Life) -> None:
    matter = life.once("resident", "withdraw_matter", life.suspended(), at=june(3))
    assert (matter.state, matter.due_at) == (State.WITHDRAWN, None)
    assert life.running(matter) == set()
    assert life.look(Pause.objects.get).ended_at == june(3)


def test_a_machine_whose_time_is_a_little_behind_does_not_fail(life: Life) -> None:
    matter = life.do("handler", "resume_matter", life.suspended(at=june(2)), at=june(2, "09:59"))
    pause = life.look(Pause.objects.get)
    assert pause.ended_at == pause.started_at
    matter = life.do("handler", "finish_matter", matter, reply="好了", at=monday("08:59"))
    assert life.clock(matter, ClockKind.FINISH).stopped_at == monday("09:00")
