"""The reporter has the last word, and nothing is taken for a word that nobody said."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.matters import services
from minqing.matters.enums import ClockKind, Move, Source, State
from minqing.matters.models import CallBack, Confirmation
from minqing.matters.queries.publishable import said_solved
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from tests.cast import Cast, person
from tests.matters.lives import RESIDENT, Life, june, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def words(life: Life) -> list[tuple[Any, ...]]:
    rows = Confirmation.objects.order_by("at").values_list("answered", "solved", "satisfaction", "source")
    return list(life.look(lambda: list(rows)))


def call(life: Life) -> CallBack:
    found: CallBack = life.look(CallBack.objects.get)
    return found


def test_three_facts_are_kept_apart_and_each_may_be_left_open(life: Life) -> None:
    matter = life.once("resident", "confirm_matter", life.finished(), answered=True, at=june(3))
    assert (matter.state, matter.closed_at) == (State.CONFIRMED, june(3))
    assert words(life) == [(True, None, None, Source.LINK)]


def test_not_solved_opens_it_again_whoever_is_asked_and_however(life: Life) -> None:
    matter = life.once("cadre", "confirm_matter", life.finished(), solved=False, satisfaction=1, at=june(3))
    assert (matter.state, matter.reopened, matter.finished_at) == (State.ASSIGNED, 1, None)
    assert life.running(matter) == {ClockKind.ACCEPT, ClockKind.FINISH}
    assert matter.due_at == life.clock(matter, ClockKind.FINISH).due_at == june(10, "17:30"), "the norm of five days"
    assert words(life) == [(None, False, 1, Source.VISIT)]


def test_a_unit_never_confirms_its_own_work(life: Life) -> None:
    matter = life.finished()
    life.refused("wrong_party", "handler", "confirm_matter", matter, solved=True)
    life.refused("not_found", "far_cadre", "confirm_matter", matter, solved=True)


def test_there_is_no_word_on_what_was_never_answered(life: Life) -> None:
    matter = life.do("resident", "withdraw_matter", life.accepted(), at=june(2))
    life.refused("wrong_state", "resident", "confirm_matter", matter, solved=False)
    life.refused("wrong_state", "resident", "confirm_matter", matter, solved=True)
    life.refused("wrong_state", "resident", "confirm_matter", life.accepted(), solved=True)
    assert words(life) == []


def test_a_call_back_is_made_by_somebody_of_another_unit(life: Life) -> None:
    matter = life.finished()
    life.refused("wrong_party", "handler", "follow_up_matter", matter, reached=True, solved=True)
    given = {"unit": life.cast.office.id, "at": monday("09:00")}
    own = life.do("clerk", "assign_matter", life.report(), **given)
    own = life.do("clerk", "accept_matter", own, at=monday("09:30"))
    own = life.do("clerk", "finish_matter", own, reply="好了", at=june(2))
    life.refused("own_work", "clerk", "follow_up_matter", own, reached=True, solved=True)
    matter = life.once("clerk", "follow_up_matter", matter, reached=True, solved=True, satisfaction=4, at=june(3))
    assert matter.state == State.CONFIRMED
    assert words(life) == [(None, True, 4, Source.CALL)]
    assert (call(life).reached, call(life).done_at) == (True, june(3))


def test_nobody_there_is_counted_and_nothing_is_assumed(life: Life) -> None:
    matter = life.finished()
    for day in (3, 4, 5):
        assert call(life).done_at is None if day > 3 else True
        matter = life.once("clerk", "follow_up_matter", matter, reached=False, at=june(day))
    assert (matter.state, words(life)) == (State.FINISHED, [])
    assert (call(life).tries, call(life).reached, call(life).done_at) == (3, False, june(5))
    assert life.read_outside(matter)[-1][0] == Move.FINISH


def test_a_call_looks_at_what_a_cadre_has_confirmed_as_well(life: Life) -> None:
    matter = life.do("cadre", "confirm_matter", life.finished(), solved=True, at=june(3))
    matter = life.once("clerk", "follow_up_matter", matter, reached=True, solved=True, at=june(4))
    assert (matter.state, matter.closed_at) == (State.CONFIRMED, june(3))
    assert [source for *_facts, source in words(life)] == [Source.VISIT, Source.CALL]
    matter = life.do("clerk", "follow_up_matter", matter, reached=True, solved=False, at=june(5))
    assert (matter.state, matter.closed_at, matter.reopened) == (State.ASSIGNED, None, 1)


def test_who_is_asked_and_would_not_say_is_recorded_as_that_and_closes_nothing(life: Life) -> None:
    matter = life.finished()
    for code, given in (
        ("declined", {"reached": True, "declined": True, "solved": True}),
        ("declined", {"reached": False, "declined": True}),
    ):
        life.refused(code, "clerk", "follow_up_matter", matter, **given)
    matter = life.once("clerk", "follow_up_matter", matter, reached=True, declined=True, at=june(3))
    assert (matter.state, words(life)) == (State.FINISHED, [(None, None, None, Source.CALL)])
    assert (call(life).reached, call(life).done_at) == (True, june(3))
    assert life.last_event(matter).data["declined"] is True
    matter = life.do("resident", "confirm_matter", matter, solved=True, at=june(4))
    assert matter.state == State.CONFIRMED
    # who has said it before and does not want to again, has said it
    matter = life.do("clerk", "follow_up_matter", matter, reached=True, declined=True, at=june(5))
    assert matter.state == State.CONFIRMED
    assert life.look(lambda: said_solved(matter)) is True


def test_a_call_without_an_answer_to_any_question_is_no_call(life: Life) -> None:
    life.refused("nothing_said", "clerk", "follow_up_matter", life.finished(), reached=True)


def test_withdrawn_it_has_no_deadline_and_comes_back_to_be_assigned(life: Life) -> None:
    matter = life.once("resident", "withdraw_matter", life.accepted(), reason="已自行解决", at=june(2))
    assert (matter.state, matter.due_at, life.running(matter)) == (State.WITHDRAWN, None, set())
    matter = life.once("cadre", "reopen_matter", matter, reason="还是要办", at=june(3))
    assert (matter.state, matter.assigned_at, matter.closed_at) == (State.RECEIVED, None, None)
    assert matter.reopened == 0, "nobody had said that it was solved"


def test_declined_it_says_who_can_help_and_an_appeal_is_decided_by_another(life: Life) -> None:
    person(life.cast, "second_clerk", Role.CLERK, life.cast.office, life.cast.town, "林晓")
    matter = life.once("clerk", "decline_matter", life.report(), reason="属于供电公司", at=june(2))
    assert matter.state == State.DECLINED
    assert life.read_outside(matter)[-1] == (Move.DECLINE, "属于供电公司")
    matter = life.once("resident", "appeal_matter", matter, reason="是村里的灯", at=june(3))
    assert (matter.state, matter.rung, matter.closed_at) == (State.RECEIVED, Rung.HEAD, None)
    assert life.running(matter) == {ClockKind.FIRST_CONTACT, ClockKind.ASSIGN}
    life.refused("own_decision", "clerk", "decline_matter", matter, reason="仍不归我们")
    matter = life.do("second_clerk", "decline_matter", matter, reason="复核后仍不归我们", at=june(4))
    assert matter.state == State.DECLINED


def test_a_reporter_acts_on_their_own_matter_alone(life: Life) -> None:
    own, other = life.finished(), life.finished()
    verbs: list[tuple[str, dict[str, Any]]] = [
        ("confirm_matter", {"solved": True}),
        ("reopen_matter", {"reason": "又坏了"}),
        ("withdraw_matter", {}),
        ("appeal_matter", {"reason": "是"}),
        ("split_matter", {}),
    ]
    for verb, values in verbs:
        with pytest.raises(DomainError) as refusal, acting_as(RESIDENT, ticket=own.ticket or ""):
            getattr(services, verb)(id=new_id(), matter=other, by=RESIDENT, **values)
        assert refusal.value.code == "not_found", verb


def test_the_id_of_a_step_that_one_may_not_see_is_told_as_used(life: Life) -> None:
    own, other = life.finished(), life.finished()
    used = life.last_step(other)
    with pytest.raises(DomainError) as refusal, acting_as(RESIDENT, ticket=own.ticket or ""):
        services.confirm_matter(id=used.pk, matter=own, solved=True, by=RESIDENT)
    assert refusal.value.code == "request_used"
