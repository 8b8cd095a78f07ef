"""Joint handling: one leads, others answer parts of their own, and none of them judges or lingers."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.journal.models import Event
from minqing.matters import queries, rules
from minqing.matters.enums import ClockKind, Mechanism, Move, PartState, State
from minqing.org.enums import Role
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from tests.cast import Cast, person
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db
ASK: dict[str, Any] = {"task": "请核实", "at": monday("10:00")}


@pytest.fixture
def life(cast: Cast) -> Life:
    person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
    person(cast, "committee_handler", Role.HANDLER, cast.committee, cast.own, "施小丽")
    return Life(cast)


def far_office() -> Unit:
    return Unit.objects.get(code="U4")


def sees(life: Life, who: str, matter: Any) -> bool:
    actor = life.actor(who)
    with acting_as(actor):
        return queries.matter_for(actor, matter.pk) is not None


def test_a_unit_asked_to_join_has_a_part_a_clock_and_sight_of_the_matter(life: Life) -> None:
    matter = life.accepted()
    assert not sees(life, "far_cadre", matter)
    matter = life.once("handler", "ask_part", matter, unit=far_office().pk, **ASK)
    assert (matter.state, matter.mechanism) == (State.ACCEPTED, Mechanism.JOINT)
    assert matter.supporting == [far_office().pk]
    assert life.parts(matter) == {"U4": PartState.ASKED}
    assert life.clock(matter, ClockKind.PART).due_at == june(8, "17:30"), "five working days"
    assert life.last_event(matter).type == "matters.part.asked"
    assert life.read_outside(matter)[-1][0] == Move.ACCEPT, "the reporter hears from the lead alone"


def test_two_units_are_asked_at_once_or_neither(life: Life) -> None:
    office, committee = life.cast.office, life.cast.committee
    matter = life.accepted()
    life.refused("unit", "handler", "ask_part", matter, unit=office.pk, also=[999_999], **ASK)
    life.refused("same_unit", "handler", "ask_part", matter, unit=office.pk, also=[life.cast.bureau.pk], **ASK)
    assert life.parts(life.now(matter)) == {}
    matter = life.once("handler", "ask_part", matter, unit=office.pk, also=[committee.pk, office.pk], **ASK)
    assert life.parts(matter) == {"U1": PartState.ASKED, "U3": PartState.ASKED}
    assert matter.supporting == sorted([office.pk, committee.pk])
    assert {
        life.clock(matter, ClockKind.PART, part=life.part(matter, one.pk).pk).due_at for one in (office, committee)
    } == {june(8, "17:30")}
    event = life.last_event(matter)
    assert event.type == "matters.part.asked"
    assert set(event.data["parts"]) == {str(life.part(matter, one.pk).pk) for one in (office, committee)}
    assert life.last_step(matter).text.endswith(f"→ {office.name}、{committee.name}")


def test_the_lead_and_a_unit_that_is_at_it_cannot_be_asked(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    life.refused("same_unit", "handler", "ask_part", matter, unit=life.cast.bureau.id, **ASK)
    life.refused("part_state", "handler", "ask_part", matter, unit=life.cast.office.id, **ASK)
    life.refused("unit", "handler", "ask_part", matter, unit=999_999, **ASK)
    life.refused("text_missing", "handler", "ask_part", matter, unit=life.cast.committee.id, task=" ")


def test_only_the_lead_or_a_clerk_of_the_place_asks_and_takes_back(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    part = life.part(matter, life.cast.office.id)
    for who in ("office_handler", "leader", "cadre"):
        life.refused("wrong_party", who, "ask_part", matter, unit=life.cast.committee.id, **ASK)
        life.refused("wrong_party", who, "drop_part", matter, part=part.pk, reason="不需要")
    life.refused("not_found", "far_clerk", "ask_part", matter, unit=life.cast.committee.id, **ASK)


def test_a_reply_goes_to_the_lead_and_stops_the_parts_clock_alone(life: Life) -> None:
    matter = life.joint()
    matter = life.once("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    assert life.parts(matter) == {"U1": PartState.REPLIED, "U3": PartState.ASKED}
    office = life.part(matter, life.cast.office.id)
    assert (office.reply, office.replied_at) == ("已核实。", june(2))
    assert life.clock(matter, ClockKind.PART, part=office.pk).stopped_at == june(2)
    assert life.running(matter) >= {ClockKind.PART, ClockKind.FINISH}
    assert life.last_step(matter).unit_id == life.cast.office.id
    assert "已核实。" not in str(life.read_outside(matter))


def test_only_a_unit_that_was_asked_answers_and_only_once(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    life.refused("wrong_party", "handler", "reply_part", matter, reply="好")
    life.refused("not_found", "committee_handler", "reply_part", matter, reply="好")
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    life.refused("no_part", "office_handler", "reply_part", matter, reply="好")


def test_a_unit_that_answered_may_be_asked_again_and_the_same_part_opens(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    part = life.part(matter, life.cast.office.id)
    matter = life.do("handler", "ask_part", matter, unit=life.cast.office.id, task="请再看", at=june(3))
    again = life.part(matter, life.cast.office.id)
    assert (again.pk, again.state, again.task, again.reply) == (part.pk, PartState.ASKED, "请再看", "")
    assert life.clock(matter, ClockKind.PART).started_at == june(3)


def test_not_ours_names_an_owner_and_the_second_time_is_decided_on_the_spot_and_binds(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    part = life.part(matter, life.cast.office.id)
    no = {"reason": "不属于我办", "proposed": life.cast.committee.id, "at": june(2)}
    life.refused("proposed", "office_handler", "refuse_part", matter, reason="不", proposed=life.cast.office.id)
    life.refused("part_state", "clerk", "decide_part", matter, part=part.pk, minutes="会商", unit=far_office().pk)
    matter = life.once("office_handler", "refuse_part", matter, **no)
    assert not life.clock(matter, ClockKind.PART).counts
    assert life.last_step(matter).text == "不属于我办\n→ 棠溪村村委会"
    matter = life.once("clerk", "decide_part", matter, part=part.pk, minutes="改派", unit=life.cast.committee.id)
    matter = life.do("committee_handler", "refuse_part", matter, **no | {"proposed": life.cast.office.id})
    matter = life.do("leader", "decide_part", matter, part=part.pk, minutes="现场会商", unit=far_office().pk)
    assert life.parts(matter) == {"U4": PartState.ASKED}
    assert life.part(matter, far_office().pk).bound
    person(life.cast, "far_handler", Role.HANDLER, far_office(), life.cast.other_town, "阮国强")
    life.refused("bound", "far_handler", "refuse_part", matter, **no)


def test_nobodys_part_goes_to_the_townships_office_but_never_to_the_lead_itself(life: Life) -> None:
    matter = life.joint(life.cast.committee.id)
    part = life.part(matter, life.cast.committee.id)
    no = {"reason": "不是", "proposed": life.cast.office.id}
    matter = life.do("committee_handler", "refuse_part", matter, **no)
    life.refused("same_unit", "clerk", "decide_part", matter, part=part.pk, minutes="会商", unit=life.cast.bureau.id)
    matter = life.do("clerk", "decide_part", matter, part=part.pk, minutes="无人认领", unit=None)
    assert life.parts(matter) == {"U1": PartState.ASKED}


def test_whose_part_was_taken_back_or_moved_on_has_no_more_business_with_the_matter(life: Life) -> None:
    person(life.cast, "far_handler", Role.HANDLER, far_office(), life.cast.other_town, "阮国强")
    matter = life.joint(far_office().pk)
    actor = life.actor("far_handler")
    assert sees(life, "far_handler", matter)
    assert rules.may_reveal_reporter(actor, matter.situation)
    part = life.part(matter, far_office().pk)
    matter = life.once("handler", "drop_part", matter, part=part.pk, reason="不需要了", at=june(2))
    assert (life.parts(matter), matter.supporting) == ({"U4": PartState.DROPPED}, [])
    assert not sees(life, "far_handler", matter)
    assert not rules.may_reveal_reporter(actor, matter.situation)
    life.refused("not_found", "far_handler", "add_note", matter, text="看看")
    assert not life.clock(matter, ClockKind.PART).counts
    life.refused("part_state", "handler", "drop_part", matter, part=part.pk, reason="再次")


def test_a_unit_may_be_asked_again_after_its_part_was_taken_back(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    first = life.part(matter, life.cast.office.id)
    matter = life.do("handler", "drop_part", matter, part=first.pk, reason="不需要了", at=june(2))
    matter = life.do("handler", "ask_part", matter, unit=life.cast.office.id, task="还是需要", at=june(3))
    assert life.part(matter, life.cast.office.id).pk != first.pk
    assert matter.supporting == [life.cast.office.id]


def test_a_refused_part_that_is_taken_back_and_asked_anew_counts_its_refusals_on(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    no = {"reason": "不属于我办", "proposed": life.cast.committee.id}
    matter = life.do("office_handler", "refuse_part", matter, **no, at=june(2))
    part = life.part(matter, life.cast.office.id)
    matter = life.do("handler", "drop_part", matter, part=part.pk, reason="另请", at=june(2, "15:00"))
    matter = life.do("handler", "ask_part", matter, unit=life.cast.office.id, task="还是请你办", at=june(3))
    matter = life.do("office_handler", "refuse_part", matter, **no, at=june(4))
    part = life.part(matter, life.cast.office.id)
    matter = life.do("leader", "decide_part", matter, part=part.pk, minutes="现场会商", unit=life.cast.committee.id)
    assert life.part(matter, life.cast.committee.id).bound


def test_the_lead_cannot_finish_over_an_open_part_without_saying_why(life: Life) -> None:
    matter = life.joint()
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    life.refused("part_open", "handler", "finish_matter", matter, reply="好了", at=june(3))
    matter = life.once("handler", "finish_matter", matter, reply="好了", override="村委会无需再查", at=june(3))
    assert matter.state == State.FINISHED
    assert life.parts(matter) == {"U1": PartState.REPLIED, "U3": PartState.DROPPED}
    committee = life.part(matter, life.cast.committee.id)
    assert not life.clock(matter, ClockKind.PART, part=committee.pk).counts, "it was not met"
    data = life.last_event(matter).data
    assert (data["override"], data["parts"]) == (True, [str(committee.pk)])
    step = life.last_step(matter)
    assert (step.text, step.aside) == ("好了", "村委会无需再查")
    assert "村委会" not in str(life.read_outside(matter)), "the reporter reads the reply alone"


def test_a_refused_part_is_open_too(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    life.do("office_handler", "refuse_part", matter, reason="不是", proposed=life.cast.committee.id, at=june(2))
    life.refused("part_open", "handler", "finish_matter", matter, reply="好了", at=june(3))


def test_without_an_open_part_an_override_says_nothing(life: Life) -> None:
    matter = life.joint(life.cast.office.id)
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    matter = life.do("handler", "finish_matter", matter, reply="好了", override="不需要", at=june(3))
    assert life.last_step(matter).aside == ""
    assert life.last_event(matter).data["override"] is False


@pytest.mark.parametrize("verb", ["transfer_matter", "assign_matter"])
def test_a_unit_that_comes_to_lead_has_no_part_beside(life: Life, verb: str) -> None:
    matter = life.joint()
    given = {"reason": "更合适"} if verb == "transfer_matter" else {}
    matter = life.once("clerk", verb, matter, unit=life.cast.office.id, at=june(2), **given)
    assert life.parts(matter) == {"U1": PartState.DROPPED, "U3": PartState.ASKED}
    assert matter.supporting == [life.cast.committee.id]
    assert life.last_event(matter).data["dropped"] == [str(life.part(matter, life.cast.office.id).pk)]
    life.do("office_handler", "accept_matter", matter, at=june(2, "11:00"))
    life.refused("part_open", "office_handler", "finish_matter", matter, reply="好了", at=june(3))


@pytest.mark.parametrize(
    ("who", "verb", "values"),
    [
        ("handler", "send_back_matter", {"reason": "不归我们"}),
        ("resident", "withdraw_matter", {}),
        ("clerk", "decline_matter", {"reason": "属于供电公司"}),
    ],
)
def test_parts_fall_away_with_the_matter_and_their_clocks_do_not_count(
    life: Life, who: str, verb: str, values: dict[str, Any]
) -> None:
    matter = life.joint()
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    if verb == "send_back_matter":
        values = values | {"proposed": life.cast.office.id}
    matter = life.once(who, verb, matter, at=june(3), **values)
    assert life.parts(matter) == {"U1": PartState.REPLIED, "U3": PartState.DROPPED}
    assert ClockKind.PART not in life.running(matter)
    assert len(life.last_event(matter).data["dropped"]) == 1
    committee = life.part(matter, life.cast.committee.id)
    assert not life.clock(matter, ClockKind.PART, part=committee.pk).counts


def test_a_joint_matter_opened_again_stays_joint_and_its_units_may_be_asked_anew(life: Life) -> None:
    matter = life.joint()
    life.do("office_handler", "reply_part", matter, reply="已核实。", at=june(2))
    life.do("handler", "finish_matter", matter, reply="好了", override="来不及", at=june(3))
    matter = life.do("resident", "confirm_matter", matter, solved=False, at=june(4))
    assert (matter.state, matter.mechanism) == (State.ASSIGNED, Mechanism.JOINT)
    assert matter.supporting == [life.cast.office.id], "whose part was taken back is out"
    life.do("handler", "ask_part", matter, unit=life.cast.office.id, task="请再看", at=june(4, "11:00"))
    assert life.part(matter, life.cast.office.id).state == PartState.ASKED


def test_what_is_shared_is_not_called_handled_at_once(life: Life) -> None:
    from tests.cast import category

    matter = life.joint(life.cast.office.id)
    values = {"category": category().code, "mechanism": Mechanism.IMMEDIATE}
    life.refused("shared", "clerk", "classify_matter", matter, **values)
    part = life.part(matter, life.cast.office.id)
    life.do("handler", "drop_part", matter, part=part.pk, reason="不需要了")
    assert life.do("clerk", "classify_matter", matter, **values).mechanism == Mechanism.IMMEDIATE


def test_no_event_of_joint_work_tells_what_was_said(life: Life) -> None:
    matter = life.joint()
    life.do("office_handler", "reply_part", matter, reply="CANARY-REPLY", at=june(2))
    life.do("handler", "finish_matter", matter, reply="CANARY-REPLY", override="CANARY-WHY", at=june(3))
    assert "CANARY" not in str(list(Event.objects.values()))
