"""One cause, many reporters: each keeps a matter of their own and gets an answer, whatever becomes of the cause."""

from __future__ import annotations

import pytest

from minqing.core.errors import NotFound
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import ClockKind, Mechanism, Move, State
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.matters.lives import RESIDENT, Life, june, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def merged(life: Life, cause: Matter, count: int = 2) -> list[Matter]:
    made = [life.report(when=monday(f"08:{40 + n}")) for n in range(count)]
    return [life.do("clerk", "merge_matter", one, cause=cause, at=june(1, "11:00")) for one in made]


def test_a_merged_matter_has_no_deadline_and_its_reporter_is_told(life: Life) -> None:
    cause, other = life.accepted(), life.assigned()
    other = life.once("clerk", "merge_matter", other, cause=cause, note="与另一件同因", at=june(2))
    assert (other.state, other.cause_id, other.due_at) == (State.MERGED, cause.pk, None)
    assert life.running(other) == set()
    assert not life.clock(other, ClockKind.FINISH).counts
    assert life.read_outside(other)[-1] == (Move.MERGE, "与另一件同因")


def test_every_reporter_reads_interim_replies_and_the_answer_and_judges_alone(life: Life) -> None:
    cause = life.accepted()
    one, other = merged(life, cause)
    life.do("handler", "note_progress", cause, text="已派人查看。", at=june(2))
    life.do("handler", "note_progress", cause, text="内部进度", public=False, at=june(2, "11:00"))
    life.do("handler", "finish_matter", cause, reply="变压器已更换。", at=june(3))
    for each in (one, other):
        told = life.now(each)
        assert (told.state, told.finished_at, told.lead_unit_id) == (State.FINISHED, june(3), life.cast.bureau.id)
        read = life.read_outside(each)
        assert [text for _move, text in read[-2:]] == ["已派人查看。", "变压器已更换。"]
    one = life.do("resident", "confirm_matter", life.now(one), solved=True, at=june(4))
    other = life.do("resident", "confirm_matter", life.now(other), solved=False, at=june(4))
    assert (one.state, other.state, other.cause_id) == (State.CONFIRMED, State.ASSIGNED, None)
    assert life.clock(other, ClockKind.FINISH).due_at == other.due_at
    assert life.now(cause).state == State.FINISHED


def test_an_answer_reaches_reporters_in_places_that_the_unit_does_not_see(life: Life) -> None:
    cause, far = life.accepted(), life.cast.matter(area=life.cast.far, cause=None)
    with life.cast.everything():
        Matter.objects.filter(pk=far.pk).update(state=State.MERGED.value, cause=cause)
    handler = life.actor("handler")
    with acting_as(handler):
        assert not Matter.objects.filter(pk=far.pk).exists()
    life.do("handler", "finish_matter", cause, reply="好了", at=june(3))
    assert life.now(far).state == State.FINISHED
    event = Event.objects.get(subject=f"matter:{far.pk}")
    assert (event.actor, event.data["cause"]) == ("system:matters.cause", str(cause.pk))
    with acting_as(handler):
        assert Matter.objects.filter(pk=far.pk).exists(), "from now on it is the unit's: it may be opened again"


def test_what_a_matter_waits_for_is_told_to_all(life: Life) -> None:
    cause = life.accepted()
    (one,) = merged(life, cause, 1)
    wait = {"reason": "season", "until": june(20).date(), "text": "等雨季过去。", "at": june(2)}
    life.do("handler", "suspend_matter", cause, **wait)
    assert life.read_outside(one)[-1] == (Move.ACT, "等雨季过去。")


def test_a_merged_matter_is_not_worked_on_by_hand(life: Life) -> None:
    cause, other = life.accepted(), life.accepted()
    other = life.do("clerk", "merge_matter", other, cause=cause, at=june(2))
    life.refused("wrong_state", "handler", "finish_matter", other, reply="好了")
    life.refused("wrong_state", "handler", "note_progress", other, text="在办")
    life.refused("wrong_state", "clerk", "decline_matter", other, reason="不归我们")
    life.refused("wrong_state", "clerk", "assign_matter", other, unit=life.cast.office.id)


@pytest.mark.parametrize("state", ["finished", "withdrawn", "itself", "merged", "unseen"])
def test_only_an_open_matter_that_one_sees_is_a_cause(life: Life, state: str) -> None:
    one = life.report()
    cause, code = one, "same_matter"
    if state == "finished":
        cause, code = life.finished(), "cause_closed"
    elif state == "withdrawn":
        cause, code = life.do("resident", "withdraw_matter", life.report()), "cause_closed"
    elif state == "merged":
        cause, code = life.do("clerk", "merge_matter", life.report(), cause=life.accepted()), "cause_closed"
    elif state == "unseen":
        cause, code = life.cast.matter(area=life.cast.far), "matter"
    life.refused(code, "clerk", "merge_matter", one, cause=cause)


def test_who_may_put_together_and_take_apart(life: Life) -> None:
    cause = life.accepted()
    (one,) = merged(life, cause, 1)
    life.refused("wrong_party", "handler", "merge_matter", life.assigned(), cause=cause)
    life.refused("wrong_party", "leader", "split_matter", one)
    life.refused("not_found", "far_clerk", "merge_matter", life.report(), cause=cause)
    one = life.once("resident", "split_matter", one, reason="不是一回事", at=june(2))
    assert (one.state, one.cause_id) == (State.RECEIVED, None)


def test_what_was_merged_before_goes_along_with_its_cause(life: Life) -> None:
    first, cause = life.accepted(), life.accepted()
    one, other = merged(life, first)
    life.do("clerk", "merge_matter", first, cause=cause, at=june(2))
    assert {life.now(each).cause_id for each in (first, one, other)} == {cause.pk}
    life.do("handler", "finish_matter", cause, reply="好了", at=june(3))
    assert {life.now(each).state for each in (first, one, other)} == {State.FINISHED}


def test_those_answered_before_keep_the_cause_that_they_were_answered_with(life: Life) -> None:
    first, cause = life.accepted(), life.accepted()
    (one,) = merged(life, first, 1)
    life.do("handler", "finish_matter", first, reply="好了", at=june(2))
    life.do("resident", "reopen_matter", first, reason="又坏了", at=june(3))
    life.do("clerk", "merge_matter", first, cause=cause, at=june(4))
    assert life.now(one).cause_id == first.pk


def test_withdrawn_the_first_of_the_others_takes_its_place(life: Life) -> None:
    cause = life.accepted()
    one, other = merged(life, cause)
    life.do("resident", "withdraw_matter", cause, at=june(2))
    one, other = life.now(one), life.now(other)
    assert (one.state, one.cause_id) == (State.RECEIVED, None)
    assert (other.state, other.cause_id) == (State.MERGED, one.pk)
    assert life.last_event(one).data["cause"] == str(cause.pk)


def test_declined_it_is_declined_for_everybody_and_each_may_appeal(life: Life) -> None:
    cause = life.accepted()
    one, other = merged(life, cause)
    life.do("clerk", "decline_matter", cause, reason="属于供电公司，请拨 95598。", at=june(2))
    for each in (one, other):
        assert life.now(each).state == State.DECLINED
        assert life.read_outside(each)[-1] == (Move.DECLINE, "属于供电公司，请拨 95598。")
    assert life.do("resident", "appeal_matter", life.now(one), reason="是村里的灯").state == State.RECEIVED


def test_sent_back_and_assigned_anew_the_others_still_wait_for_it(life: Life) -> None:
    cause = life.accepted()
    one, _other = merged(life, cause)
    cause = life.do("handler", "send_back_matter", cause, reason="不归我们", proposed=life.cast.office.id, at=june(2))
    assert life.now(one).state == State.MERGED
    life.do("clerk", "assign_matter", cause, unit=life.cast.office.id, at=june(2))
    assert life.now(one).cause_id == cause.pk


def test_parts_and_requests_fall_away_when_it_is_handled_with_another(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    matter = life.do("handler", "ask_extension", matter, days=3, reason="等", at=june(2))
    matter = life.do("clerk", "merge_matter", matter, cause=life.accepted(), at=june(3))
    assert life.parts(matter) == {"U1": "dropped"}
    assert life.running(matter) == set()
    assert matter.mechanism == Mechanism.JOINT


def test_a_supervised_matter_is_not_merged_away(life: Life) -> None:
    life.refused("supervised", "clerk", "merge_matter", life.supervised(), cause=life.accepted())


def test_the_reporter_of_one_sees_nothing_of_the_others(life: Life) -> None:
    cause = life.accepted()
    one, other = merged(life, cause)
    with acting_as(RESIDENT, ticket=one.ticket or ""):
        assert set(Matter.objects.values_list("pk", flat=True)) == {one.pk}
    for verb in ("withdraw_matter", "split_matter"):
        with acting_as(RESIDENT, ticket=one.ticket or ""), pytest.raises(NotFound):
            getattr(services, verb)(id=new_id(), matter=other, by=RESIDENT)


@pytest.mark.fault(78)
def test_nothing_told_in_confidence_reaches_the_reporter_of_an_open_matter(life: Life) -> None:
    open_one, open_child = life.report(), life.report()
    secret, other_secret = life.report(confidential=True), life.report(confidential=True)
    # neither itself nor by going along
    life.refused("confidential_cause", "clerk", "merge_matter", open_one, cause=secret)
    life.do("clerk", "merge_matter", open_child, cause=open_one, at=june(2))
    with life.cast.everything():
        Matter.objects.filter(pk=open_one.pk).update(confidential=True)
    life.refused("confidential_cause", "clerk", "merge_matter", life.now(open_one), cause=other_secret)
    # both told in confidence: as any other two
    assert life.do("clerk", "merge_matter", other_secret, cause=secret, at=june(2)).state == State.MERGED
    # what was put together before there was a wall is told nothing either
    unit = life.do("clerk", "assign_matter", life.now(open_one), unit=life.cast.bureau.id, at=june(2))
    life.do("handler", "accept_matter", unit, at=june(2))
    life.do("handler", "note_progress", unit, text="李四家暴，已报警。", at=june(2))
    life.do("handler", "finish_matter", unit, reply="李四已拘留。", at=june(3))
    told = " ".join(text for _move, text in life.read_outside(open_child))
    assert life.now(open_child).state == State.FINISHED
    assert "李四" not in told


@pytest.mark.fault(78)
def test_an_open_matter_does_not_come_to_stand_under_one_told_in_confidence_when_its_cause_is_withdrawn(
    life: Life,
) -> None:
    cause = life.accepted()
    secret, plain = life.report(confidential=True), life.report()
    for one in (secret, plain):
        life.do("clerk", "merge_matter", one, cause=cause, at=june(2))
    life.do("resident", "withdraw_matter", cause, at=june(3))
    assert (life.now(plain).state, life.now(secret).cause_id) == (State.RECEIVED, plain.pk)


@pytest.mark.fault(83)
def test_what_goes_along_has_a_step_an_event_and_a_new_moment_of_its_own(life: Life) -> None:
    first, cause = life.accepted(), life.accepted()
    one, other = merged(life, first)
    life.do("clerk", "merge_matter", first, cause=cause, at=june(2))
    for each in (one, other):
        now = life.now(each)
        assert (now.changed_at, now.cause_id, now.state) == (june(2), cause.pk, State.MERGED)
        event = life.last_event(each)
        assert (event.type, event.data["cause"], event.data["former"]) == (
            "matters.matter.merged", str(cause.pk), str(first.pk),
        )  # fmt: skip
        assert life.read_outside(each)[-1][0] == Move.MERGE, "its reporter reads nothing new"
    life.do("resident", "withdraw_matter", cause, at=june(3))
    moved = [each for each in (first, one, other) if life.now(each).cause_id]
    assert len(moved) == 2
    assert {life.now(each).changed_at for each in moved} == {june(3)}
    assert {life.last_event(each).type for each in moved} == {"matters.matter.merged"}
