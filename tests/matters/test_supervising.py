"""Supervision: a leader's order with clocks of its own, which nobody but a leader takes away."""

from __future__ import annotations

import pytest

from minqing.deadlines.enums import Rung
from minqing.matters.enums import ClockKind, Mechanism, Move, State
from minqing.matters.models import Matter, Supervision
from tests.cast import Cast, at, category
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db
WATCH = {ClockKind.SUPERVISION, ClockKind.REPORT}


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def orders(life: Life, matter: Matter) -> list[Supervision]:
    return list(life.look(lambda: list(Supervision.objects.filter(matter=matter).order_by("ordered_at"))))


def confirmed(life: Life, matter: Matter) -> Matter:
    matter = life.do("handler", "finish_matter", matter, reply="好了", at=june(3))
    return life.do("resident", "confirm_matter", matter, solved=True, at=june(4))


def test_an_order_has_a_deadline_and_a_rhythm_beside_the_units_own(life: Life) -> None:
    before = life.accepted()
    given = {"order": "十日内办结", "due_days": 10, "report_days": 2, "at": monday("10:00")}
    matter = life.once("leader", "supervise_matter", before, **given)
    assert (matter.mechanism, matter.state, matter.due_at) == (Mechanism.SUPERVISED, State.ACCEPTED, before.due_at)
    assert life.clock(matter, ClockKind.SUPERVISION).due_at == june(15, "17:30")
    assert life.clock(matter, ClockKind.REPORT).due_at == june(3, "17:30")
    assert life.look(lambda: Supervision.objects.filter(matter=matter, ended_at=None).first()).order == "十日内办结"
    assert life.read_outside(matter)[-1][0] == Move.ACCEPT, "the order is not for the reporter"
    life.refused("supervised_already", "leader", "supervise_matter", matter, order="再")


def test_only_a_leader_orders_and_ends_it(life: Life) -> None:
    matter = life.accepted()
    for who in ("handler", "clerk", "cadre"):
        life.refused("wrong_party", who, "supervise_matter", matter, order="十日内办结")
    life.refused("not_supervised", "leader", "release_matter", matter, reason="已解决")
    matter = life.supervised()
    for who in ("handler", "clerk"):
        life.refused("wrong_party", who, "release_matter", matter, reason="已解决")
        wait = {"reason": "reporter", "until": june(9).date(), "text": "等", "at": june(2)}
        life.refused("supervised", who, "suspend_matter", matter, **wait)
    life.refused("supervised", "clerk", "decline_matter", matter, reason="不归我们")
    given = {"category": category().code, "mechanism": Mechanism.IMMEDIATE}
    life.refused("supervision", "clerk", "classify_matter", matter, **given)


def test_each_report_starts_the_next_rhythm(life: Life) -> None:
    matter = life.once("handler", "report_on_matter", life.supervised(), text="已进场", at=june(3))
    assert life.clock(matter, ClockKind.REPORT).due_at == june(10, "17:30")
    assert life.running(matter) >= WATCH
    life.refused("text_missing", "handler", "report_on_matter", matter, text=" ")
    life.refused("wrong_party", "leader", "report_on_matter", matter, text="好")


def test_a_shorter_rhythm_of_reports_leaves_the_first_word_to_the_reporter_as_it_was(life: Life) -> None:
    """Zammad #5177: a norm for updates shorter than that for the first response took its place."""
    matter = life.accepted()
    first = life.clock(matter, ClockKind.FIRST_CONTACT)
    given = {"order": "每天一报", "report_days": 0, "at": monday("10:00")}
    matter = life.do("leader", "supervise_matter", matter, **given)
    assert (first.due_at, life.clock(matter, ClockKind.REPORT).due_at) == (june(2, "17:30"), june(1, "17:30"))
    matter = life.do("handler", "report_on_matter", matter, text="已到现场", at=june(2, "09:00"))
    still = life.clock(matter, ClockKind.FIRST_CONTACT)
    assert (still.due_at, still.stopped_at) == (first.due_at, None), "a report to the leader is no word to the reporter"
    matter = life.do("handler", "note_progress", matter, text="今天换灯", at=june(2, "10:00"))
    assert ClockKind.FIRST_CONTACT not in life.running(matter)
    assert ClockKind.REPORT in life.running(matter), "and the word to the reporter is no report"


def test_sent_back_or_given_to_another_unit_it_stays_supervised(life: Life) -> None:
    matter = life.supervised()
    sent = {"reason": "不归我们", "proposed": life.cast.office.id, "at": june(2)}
    matter = life.do("handler", "send_back_matter", matter, **sent)
    assert life.running(matter) >= WATCH
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.office.id, at=june(3))
    assert matter.mechanism == Mechanism.SUPERVISED
    assert life.running(matter) == {ClockKind.ACCEPT, ClockKind.FINISH, ClockKind.FIRST_CONTACT, *WATCH}


@pytest.mark.parametrize(("shared", "becomes"), [(False, Mechanism.IMMEDIATE), (True, Mechanism.JOINT)])
def test_released_it_is_handled_as_it_is_by_then(life: Life, shared: bool, becomes: Mechanism) -> None:
    matter = life.supervised()
    if shared:
        matter = life.do("handler", "ask_part", matter, unit=life.cast.office.id, task="请核实", at=june(2))
        assert matter.mechanism == Mechanism.SUPERVISED
    matter = life.once("leader", "release_matter", matter, reason="已走上正轨", at=june(3))
    assert matter.mechanism == becomes
    assert life.running(matter).isdisjoint(WATCH)
    assert [one.ended_at for one in orders(life, matter)] == [june(3)]


def test_what_was_joint_before_the_order_is_joint_after_it(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    matter = life.do("leader", "supervise_matter", matter, order="抓紧", at=june(2))
    assert life.do("leader", "release_matter", matter, reason="好", at=june(3)).mechanism == Mechanism.JOINT


def test_answered_it_stays_under_the_order_until_the_reporter_has_spoken(life: Life) -> None:
    matter = life.do("handler", "finish_matter", life.supervised(), reply="好了", at=june(3))
    assert life.running(matter) == set()
    assert [one.ended_at for one in orders(life, matter)] == [None]
    matter = life.do("resident", "confirm_matter", matter, solved=True, at=june(4))
    assert [one.ended_at for one in orders(life, matter)] == [june(4)]
    assert matter.mechanism == Mechanism.SUPERVISED, "that is how it was handled"


def test_opened_again_it_is_under_the_same_order_with_the_time_that_the_leader_gave(life: Life) -> None:
    given = {"order": "十日内办结", "due_days": 10, "report_days": 2, "at": monday("10:00")}
    matter = confirmed(life, life.do("leader", "supervise_matter", life.accepted(), **given))
    matter = life.once("resident", "reopen_matter", matter, reason="又坏了", at=june(8))
    first, second = orders(life, matter)
    assert (first.ended_at, second.ended_at) == (june(4), None)
    assert (second.order, second.ordered_by, second.rhythm) == (first.order, first.ordered_by, "2d")
    assert life.clock(matter, ClockKind.SUPERVISION).due_at == at("2026-06-23 17:30"), "ten days, a holiday between"
    assert life.running(matter) == {ClockKind.ACCEPT, ClockKind.FINISH, *WATCH}


def test_the_unit_that_has_it_withdraws_it_for_nobody(life: Life) -> None:
    given = {"unit": life.cast.committee.id, "due_days": 5, "at": monday("09:00")}
    matter = life.do("clerk", "assign_matter", life.report(), **given)
    matter = life.do("leader", "supervise_matter", matter, order="十日内办结", at=monday("10:00"))
    life.refused("own_work", "village_secretary", "withdraw_matter", matter)
    matter = life.do("village_secretary", "accept_matter", matter, at=monday("10:30"))
    life.refused("own_work", "village_secretary", "withdraw_matter", matter)
    shared = life.joint(life.cast.committee.id)
    life.refused("own_work", "village_secretary", "withdraw_matter", shared)
    life.refused("own_work", "cadre", "withdraw_matter", matter)
    assert life.do("clerk", "withdraw_matter", matter, at=monday("11:00")).state == State.WITHDRAWN
    assert life.do("resident", "withdraw_matter", shared, at=monday("11:00")).state == State.WITHDRAWN


def test_withdrawn_the_order_ends_and_comes_back_with_the_matter(life: Life) -> None:
    matter = life.do("resident", "withdraw_matter", life.supervised(), at=june(2))
    assert [one.ended_at for one in orders(life, matter)] == [june(2)]
    assert life.running(matter) == set()
    matter = life.do("resident", "reopen_matter", matter, reason="还是要办", at=june(3))
    assert (matter.state, matter.reopened) == (State.RECEIVED, 0), "nobody had answered it"
    assert life.look(lambda: Supervision.objects.filter(matter=matter, ended_at=None).first()) is not None


def test_not_solved_for_the_third_time_is_supervised_without_an_order(life: Life) -> None:
    matter = life.accepted()
    for day in range(2, 5):
        matter = life.do("handler", "finish_matter", matter, reply="好了", at=june(day))
        matter = life.do("resident", "confirm_matter", matter, solved=False, at=june(day, "15:00"))
        if day < 4:
            assert matter.mechanism == Mechanism.IMMEDIATE
            matter = life.do("handler", "accept_matter", matter, at=june(day, "16:00"))
    assert (matter.mechanism, matter.reopened) == (Mechanism.SUPERVISED, 3)
    assert life.running(matter) >= WATCH
    assert life.last_event(matter).type == "matters.matter.reopened", "one move, one event"
    assert (
        life.look(lambda: Supervision.objects.filter(matter=matter, ended_at=None).first()).former
        == Mechanism.IMMEDIATE
    )


def test_a_new_deadline_begins_at_the_foot_of_the_ladder(life: Life) -> None:
    matter = life.do("system", "escalate_matter", life.accepted(), at=june(9))
    assert matter.rung == Rung.HEAD
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.office.id, due_days=5, at=june(9))
    clock = life.clock(matter, ClockKind.FINISH)
    assert (matter.rung, clock.escalate_at) == (Rung.OFFICER, clock.due_at)
    life.refused("wrong_party", "leader", "escalate_matter", matter)
