"""Which move is the main one, for each state and each role; and what stands there greyed, with its reason."""

from __future__ import annotations

import pytest

from minqing.core.actor import Actor
from minqing.matters import rules
from minqing.matters.enums import Mechanism, Move, State
from minqing.matters.forms.moves import FORMS
from minqing.matters.rules import Situation
from minqing.matters.rules.acting import GRAVE, MOST_SECOND, WRITING, Arranged, arranged, comes_later
from minqing.org.enums import Role

AREA, UNIT, SUPPORT = 7, 3, 4
# a role with its units, as it stands to the matter
WHO = {
    "cadre": (Role.CADRE, ()),
    "secretary": (Role.VILLAGE_SECRETARY, ()),
    "clerk": (Role.CLERK, ()),
    "handler": (Role.HANDLER, (UNIT,)),
    "head": (Role.UNIT_HEAD, (UNIT,)),
    "support": (Role.HANDLER, (SUPPORT,)),
    "leader": (Role.LEADER, ()),
    "analyst": (Role.ANALYST, ()),
}
IN_AREA = {"cadre", "secretary", "clerk", "leader", "analyst"}
# what the dossier decides besides: nobody has asked for more time, no part is refused; the supporting unit was asked
NO_OBJECT = {Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION, Move.DECIDE_PART, Move.DROP_PART}
MAIN = {
    State.RECEIVED: {"clerk": "assign"},
    State.ASSIGNED: {"handler": "accept", "head": "accept", "support": "reply_part"},
    State.ACCEPTED: {"handler": "finish", "head": "finish", "support": "reply_part"},
    State.SUSPENDED: {"clerk": "resume", "handler": "resume", "head": "resume", "support": "reply_part",
                      "leader": "resume"},
    State.FINISHED: {"cadre": "confirm", "secretary": "confirm", "clerk": "confirm"},
    State.CONFIRMED: {},
    State.WITHDRAWN: {},
    State.DECLINED: {},
    State.MERGED: {},
}  # fmt: skip


def actor(who: str) -> Actor:
    role, units = WHO[who]
    areas = frozenset({AREA}) if who in IN_AREA else frozenset[int]()
    return Actor(id=None, kind="user", name=who, roles=frozenset({role}), areas=areas, units=frozenset(units))


def situation(state: State, **values: object) -> Situation:
    given = {"area_id": AREA, "unit_id": UNIT, "supporting": frozenset({SUPPORT})} | values
    return Situation(state=state, **given)  # type: ignore[arg-type]


def offered(who: str, about: Situation) -> list[Move]:
    return [move for move in FORMS if move not in NO_OBJECT and rules.may(move, actor(who), about)]


def places(who: str, about: Situation, **values: bool) -> Arranged:
    assert about.state is not None
    return arranged(about.state, offered(who, about), **values)


@pytest.mark.parametrize("state", State)
def test_one_move_is_the_main_one_for_each_state_and_role(state: State) -> None:
    found = {who: main.value for who in WHO if (main := places(who, situation(state)).main)}
    assert found == MAIN[state]


def test_an_appeal_is_beside_the_rest_and_behind_it_for_who_has_declined() -> None:
    declined = situation(State.DECLINED)
    assert Move.APPEAL in places("clerk", declined).second
    own = places("clerk", declined, own=True)
    assert (Move.APPEAL in own.second, Move.APPEAL in own.more, own.main) == (False, True, None)


def test_what_waits_for_a_decision_or_a_call_comes_first() -> None:
    contested = situation(State.RECEIVED, contested=True)
    assert places("clerk", contested).main is places("leader", contested).main is Move.DECIDE
    assert places("clerk", situation(State.FINISHED), to_call_back=True).main is Move.FOLLOW_UP
    # whoever it came up to decides about it: beside that a note is a second thing
    up = places("leader", situation(State.ACCEPTED), carried=True)
    assert (up.main, up.writing, Move.NOTE in up.second) == (Move.SUPERVISE, (), True)
    asked = arranged(State.ACCEPTED, [Move.NOTE, Move.REFUSE_EXTENSION, Move.GRANT_EXTENSION])
    assert (asked.main, asked.second) == (Move.GRANT_EXTENSION, (Move.REFUSE_EXTENSION, Move.NOTE))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", WHO)
def test_every_move_that_is_offered_stands_in_one_place(who: str, state: State) -> None:
    about = situation(state)
    found = places(who, about)
    # the composer's own tab may be the main one
    listed = [*({found.main} - {None} - set(found.writing)), *found.writing, *found.second, *found.more]
    assert sorted(listed) == sorted(offered(who, about))
    assert len(found.second) <= MOST_SECOND
    assert set(found.writing) <= set(WRITING)
    if found.main in WRITING:
        assert found.writing[0] is found.main, "the tab that is open is what is to be done"
    assert [move in GRAVE for move in found.more] == sorted(move in GRAVE for move in found.more)


def later(who: str, about: Situation) -> dict[str, str]:
    decided = {move: rules.may(move, actor(who), about) for move in FORMS}
    return {move.value: one.code for move, one in decided.items() if comes_later(move, one, actor(who), about)}


def test_what_may_come_later_is_told_and_what_never_can_is_not_there() -> None:
    assert later("handler", situation(State.ASSIGNED)) == {"finish": "wrong_state", "act": "wrong_state"}
    assert later("handler", situation(State.SUSPENDED)) == {"finish": "wrong_state"}
    assert later("cadre", situation(State.ACCEPTED)) == {"confirm": "wrong_state"}
    for who in WHO:
        assert later(who, situation(State.CONFIRMED)) == {}, "it is over"
    for state in State:
        assert later("analyst", situation(state)) == {}, "who only reads is told of no act"
        assert later("leader", situation(state)) == {}


def test_what_a_decision_or_supervision_holds_back_is_told() -> None:
    supervised = situation(State.ACCEPTED, mechanism=Mechanism.SUPERVISED, bound=True)
    assert later("handler", supervised) == {"send_back": "bound", "transfer": "bound", "suspend": "supervised"}
    assert later("clerk", situation(State.RECEIVED, contested=True))["assign"] == "contested"
