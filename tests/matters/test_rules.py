"""Every state × move × role, and the lights."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.deadlines.enums import Light
from minqing.deadlines.rules import light
from minqing.matters import rules
from minqing.matters.enums import OPEN, RUNNING, Mechanism, Move, Party, State
from minqing.matters.forms.moves import FORMS
from minqing.matters.lifecycle import MATTER, MOVES
from minqing.matters.schemas.moves import SPECS
from minqing.matters.services.moves import SERVICES
from minqing.org.enums import Role
from minqing.org.rules import SEES_AREA, SEES_CONFIDENTIAL, SEES_UNIT
from minqing.worktime.calendar import default_calendar
from tests.cast import at
from tests.embedded import ROOT

AREA, UNIT = 7, 3


def actor(role: Role, *, area: bool = True, unit: bool = True) -> Actor:
    """As org makes it: a role opens its area, its unit, or neither."""
    return Actor(
        id=new_id(),
        kind="user",
        name="",
        roles=frozenset({role.value}),
        areas=frozenset({AREA} if area and role in SEES_AREA else {1}),
        units=frozenset({UNIT} if unit and role in SEES_UNIT else ()),
    )


RESIDENT = Actor(id=None, kind="resident", name="")
SYSTEM = Actor.system("test")

UNIT_ROLES = {"clerk", "handler", "unit_head", "village_secretary"}
FIELD_ROLES = {"cadre", "village_secretary", "clerk"}
# the table once more, from the point of view of those who move; SUPPORT is a unit that was asked to join
OPEN_TO: dict[Move, set[str]] = {
    Move.RECEIVE: FIELD_ROLES | {"resident", "system"},
    Move.CLASSIFY: {"clerk", "system"},
    Move.ASSIGN: {"clerk", "system"},
    Move.UNASSIGN: {"clerk"},
    Move.DECIDE: set(),  # only what two units refused
    Move.TRANSFER: UNIT_ROLES,
    Move.ACCEPT: UNIT_ROLES | {"system"},
    # which of them, and whether anybody has it already, is asked of the unit's part: see test_naming.py
    Move.NAME: UNIT_ROLES | {"support"},
    Move.TAKE: UNIT_ROLES | {"support"},
    Move.ACT: UNIT_ROLES | {"system"},
    Move.NOTE: UNIT_ROLES | {"support", "leader", "resident"},
    Move.SEND_BACK: UNIT_ROLES | {"system"},
    Move.JOIN: UNIT_ROLES,
    Move.REPLY_PART: {"support"},
    Move.REFUSE_PART: {"support"},
    Move.DECIDE_PART: {"clerk", "leader"},
    Move.DROP_PART: UNIT_ROLES,
    Move.ASK_EXTENSION: UNIT_ROLES,
    Move.GRANT_EXTENSION: {"clerk", "leader"},
    Move.REFUSE_EXTENSION: {"clerk", "leader"},
    Move.SUSPEND: UNIT_ROLES | {"leader"},
    Move.RESUME: UNIT_ROLES | {"leader", "system"},
    Move.FINISH: UNIT_ROLES | {"system"},
    Move.FOLLOW_UP: {"cadre"},  # a clerk or secretary of the unit that answered may not
    Move.CONFIRM: {"cadre", "resident", "system"},  # nor may they bring the reporter's word
    Move.REOPEN: FIELD_ROLES | {"resident", "system"},
    Move.DECLINE: {"clerk"},
    Move.APPEAL: FIELD_ROLES | {"resident"},
    Move.WITHDRAW: {"cadre", "resident", "system"},  # nor say for him that nobody needs it any more
    Move.MERGE: {"clerk", "system"},
    Move.SPLIT: FIELD_ROLES | {"resident"},
    Move.SUPERVISE: {"leader", "system"},
    Move.REPORT: set(),  # only what is supervised
    Move.RELEASE: set(),
    Move.ESCALATE: {"system"},
    Move.RECKON: {"system"},
}
NAMING = {Move.NAME, Move.TAKE}
WATCHED = {Move.SUPERVISE, Move.RELEASE, Move.ESCALATE, Move.NOTE}
PARTS = {Move.JOIN, Move.REPLY_PART, Move.REFUSE_PART, Move.DECIDE_PART, Move.DROP_PART}
EXTENDING = {Move.ASK_EXTENSION, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}


def stay(state: State, *moves: Move) -> dict[Move, State]:
    return dict.fromkeys(moves, state)


LEADS: dict[State | None, dict[Move, State]] = {
    None: {Move.RECEIVE: State.RECEIVED},
    State.RECEIVED: {
        **stay(State.RECEIVED, Move.CLASSIFY, Move.RECKON, *WATCHED),
        Move.ASSIGN: State.ASSIGNED,
        Move.DECIDE: State.ASSIGNED,
        Move.DECLINE: State.DECLINED,
        Move.MERGE: State.MERGED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ASSIGNED: {
        **stay(
            State.ASSIGNED,
            *NAMING,
            Move.CLASSIFY,
            Move.RECKON,
            Move.ASSIGN,
            Move.TRANSFER,
            *PARTS,
            *EXTENDING,
            *WATCHED,
        ),
        Move.UNASSIGN: State.RECEIVED,
        Move.ACCEPT: State.ACCEPTED,
        Move.SEND_BACK: State.RECEIVED,
        Move.DECLINE: State.DECLINED,
        Move.MERGE: State.MERGED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ACCEPTED: {
        **stay(
            State.ACCEPTED, *NAMING, Move.CLASSIFY, Move.RECKON, Move.ACT, Move.REPORT, *PARTS, *EXTENDING, *WATCHED
        ),
        Move.ASSIGN: State.ASSIGNED,
        Move.TRANSFER: State.ASSIGNED,
        Move.SEND_BACK: State.RECEIVED,
        Move.SUSPEND: State.SUSPENDED,
        Move.FINISH: State.FINISHED,
        Move.DECLINE: State.DECLINED,
        Move.MERGE: State.MERGED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.SUSPENDED: {
        **stay(
            State.SUSPENDED,
            *NAMING,
            Move.ACT,
            Move.REPORT,
            Move.RECKON,
            *WATCHED,
            *(set(PARTS) - {Move.JOIN}),
            Move.GRANT_EXTENSION,
            Move.REFUSE_EXTENSION,
        ),
        Move.RESUME: State.ACCEPTED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.FINISHED: {
        **stay(State.FINISHED, Move.FOLLOW_UP, Move.NOTE),
        Move.CONFIRM: State.CONFIRMED,
        Move.REOPEN: State.ASSIGNED,
    },
    State.CONFIRMED: {**stay(State.CONFIRMED, Move.FOLLOW_UP, Move.NOTE), Move.REOPEN: State.ASSIGNED},
    State.WITHDRAWN: {Move.REOPEN: State.RECEIVED},
    State.DECLINED: {Move.APPEAL: State.RECEIVED},
    State.MERGED: {
        **stay(State.MERGED, Move.ACT, Move.NOTE),
        Move.FINISH: State.FINISHED,
        Move.DECLINE: State.DECLINED,
        Move.SPLIT: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
}
# what is handled with another matter hears of it from there, by nobody's hand
FROM_THE_CAUSE = {(State.MERGED, move) for move in (Move.ACT, Move.FINISH, Move.DECLINE)}
SUPPORTING = 5


def at_stand(state: State | None, **values: Any) -> rules.Situation:
    return rules.Situation(state=state, area_id=AREA, unit_id=UNIT, supporting=frozenset({SUPPORTING}), **values)


SUPPORT = Actor(
    id=new_id(), kind="user", name="", roles=frozenset({Role.HANDLER.value}), areas=frozenset({1}),
    units=frozenset({SUPPORTING}),
)  # fmt: skip
# somebody of another unit with the reporter's slip in hand makes the reporter's moves, whatever the own post may do
for _who in OPEN_TO.values():
    if "resident" in _who:
        _who.add("helper")
HELPER = actor(Role.CLERK, unit=False).for_another()
EVERYBODY = {role.value: actor(role) for role in Role} | {
    "resident": RESIDENT,
    "helper": HELPER,
    "system": SYSTEM,
    "support": SUPPORT,
}


@pytest.mark.parametrize(("state", "move"), list(product([None, *State], Move)))
def test_each_state_and_move_for_each_role(state: State | None, move: Move) -> None:
    assert MATTER.target(state, move) == LEADS[state].get(move)
    open_to = set() if (state, move) in FROM_THE_CAUSE else OPEN_TO[move]
    if move is Move.NOTE and state not in OPEN:
        # an answer is judged, and what is closed is opened again: nothing is added to it
        open_to = open_to - {"resident", "helper"}
    for name, who in EVERYBODY.items():
        decision = rules.may(move, who, at_stand(state))
        assert bool(decision) == (move in LEADS[state] and name in open_to), name
        assert decision or ((decision.code and str(decision.reason).endswith(".")) or "。" in str(decision.reason))


@pytest.mark.parametrize("move", list(Move))
def test_nobody_of_another_place_and_unit_may_do_anything(move: Move) -> None:
    for state, role in product([None, *State], Role):
        who = actor(role, area=False, unit=False)
        assert not rules.may(move, who, at_stand(state))


def partner(*roles: str, area: bool = True, unit: bool = True) -> Actor:
    return Actor(
        id=new_id(),
        kind="partner",
        name="",
        roles=frozenset(roles),
        areas=frozenset({AREA} if area else {1}),
        units=frozenset({UNIT} if unit else ()),
    )


def moves_of(who: Actor) -> set[Move]:
    return {move for move, state in product(Move, [None, *State])
            if rules.may(move, who, at_stand(state))}  # fmt: skip


def test_a_partner_reports_in_its_areas_and_acts_for_its_unit() -> None:
    handling = {move for move, kind in MOVES.items() if Party.UNIT in kind.parties} - {Move.REPORT}
    assert {Move.ACCEPT, Move.ACT, Move.SEND_BACK, Move.FINISH, Move.ASK_EXTENSION} <= handling
    assert handling.isdisjoint({Move.ASSIGN, Move.GRANT_EXTENSION, Move.SUPERVISE, Move.CONFIRM})
    assert moves_of(partner()) == {Move.RECEIVE} | handling
    assert moves_of(partner(unit=False)) == {Move.RECEIVE}
    assert moves_of(partner(area=False)) == handling
    assert moves_of(partner(area=False, unit=False)) == set()


def test_a_partner_brings_the_reporter_s_word_where_it_is_proved_and_its_unit_did_not_do_the_work() -> None:
    word = {move for move, kind in MOVES.items() if Party.REPORTER in kind.parties}
    assert {Move.RECEIVE, Move.CONFIRM, Move.REOPEN, Move.WITHDRAW, Move.APPEAL} <= word
    assert moves_of(partner("reporter", unit=False)) == word
    assert moves_of(partner("reporter")).isdisjoint(word - {Move.RECEIVE, Move.NOTE})


def test_a_unit_never_judges_its_own_work() -> None:
    for role in (Role.HANDLER, Role.UNIT_HEAD):
        assert not rules.may(Move.CONFIRM, actor(role), at_stand(State.FINISHED))
    for role in (Role.CLERK, Role.VILLAGE_SECRETARY):
        assert rules.may(Move.CONFIRM, actor(role), at_stand(State.FINISHED)).code == "own_work"
        assert rules.may(Move.CONFIRM, actor(role, unit=False), at_stand(State.FINISHED))
    # a cadre of the village's committee, which has handled it, sees no work of that unit and is of it all the same
    cadre = replace(actor(Role.CADRE), works_in=UNIT)
    assert rules.may(Move.CONFIRM, cadre, at_stand(State.FINISHED)).code == "own_work"
    assert rules.may(Move.CONFIRM, cadre.for_another(), at_stand(State.FINISHED)).code == "own_work"
    assert rules.may(Move.CONFIRM, replace(cadre, works_in=UNIT + 1), at_stand(State.FINISHED))


def test_what_two_units_refused_is_decided_on_the_spot_and_then_binds() -> None:
    contested = at_stand(State.RECEIVED, contested=True)
    assert rules.may(Move.ASSIGN, actor(Role.CLERK), contested).code == "contested"
    assert rules.may(Move.DECIDE, actor(Role.CLERK), contested)
    assert rules.may(Move.DECIDE, actor(Role.LEADER), contested)
    assert rules.may(Move.DECIDE, actor(Role.CLERK), at_stand(State.RECEIVED)).code == "not_contested"
    bound = at_stand(State.ASSIGNED, bound=True)
    for move in (Move.SEND_BACK, Move.TRANSFER):
        assert rules.may(move, actor(Role.HANDLER), bound).code == "bound"


def test_the_unit_cannot_take_supervision_away() -> None:
    supervised = at_stand(State.ACCEPTED, mechanism=Mechanism.SUPERVISED)
    for role in (Role.HANDLER, Role.UNIT_HEAD, Role.CLERK):
        assert not rules.may(Move.RELEASE, actor(role), supervised)
        for move in (Move.SUSPEND, Move.TRANSFER, Move.DECLINE, Move.MERGE):
            assert not rules.may(move, actor(role), supervised), (role, move)
        assert rules.may(Move.REPORT, actor(role), supervised)
    assert rules.may(Move.RELEASE, actor(Role.LEADER), supervised)
    assert rules.may(Move.SUSPEND, actor(Role.LEADER), supervised)


def test_whoever_calls_back_is_of_another_unit() -> None:
    assert rules.may(Move.FOLLOW_UP, actor(Role.CLERK, unit=False), at_stand(State.FINISHED))
    assert rules.may(Move.FOLLOW_UP, actor(Role.CLERK), at_stand(State.FINISHED)).code == "own_work"


def test_the_reporter_is_for_those_who_handle_the_matter() -> None:
    may_see = {role for role in Role if rules.may_reveal_reporter(actor(role), at_stand(None))}
    assert may_see == {Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.HANDLER, Role.UNIT_HEAD}
    assert not rules.may_reveal_reporter(actor(Role.CLERK, area=False, unit=False), at_stand(None))


@pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.FINISHED])
def test_before_a_unit_has_it_the_reporter_is_for_the_clerk_alone(state: State) -> None:
    here = at_stand(state)
    of_place = {role for role in Role if rules.may_reveal_reporter(actor(role, unit=False), here)}
    village = set() if state is State.RECEIVED else {Role.CADRE, Role.VILLAGE_SECRETARY}
    assert of_place == {Role.CLERK} | village


def test_every_move_has_its_row_its_service_and_its_form() -> None:
    assert list(MOVES) == list(Move)
    # the first has a page of its own, what is undone a button at the queue; the last two are made by jobs
    by_hand = set(Move) - {Move.RECEIVE, Move.UNASSIGN, Move.ESCALATE, Move.RECKON}
    assert set(FORMS) == set(SERVICES) == by_hand
    assert {spec.move for spec in SPECS} <= set(SERVICES)


def test_the_diagram_names_every_transition() -> None:
    lines = MATTER.diagram().splitlines()
    assert len(lines) == 1 + len(MATTER.changing) + 2
    assert "    [*] --> received: receive" in lines
    assert "    finished --> confirmed: confirm" in lines


NOW = at("2026-10-12 10:00")
SOON = default_calendar().add_working_days(NOW, 1).at


def colour(due: datetime | None, *, state: State = State.ASSIGNED, started: str = "2026-09-30 16:00") -> Light:
    return light(runs=state in RUNNING, due_at=due, started_at=at(started), now=NOW, soon=SOON)


def test_lights_turn_from_green_over_yellow_to_red() -> None:
    assert colour(at("2026-10-26 17:30")) is Light.GREEN
    assert colour(at("2026-10-12 17:30")) is Light.YELLOW, "less than a working day is left"
    assert colour(at("2026-10-14 17:30")) is Light.YELLOW, "2.3 of 14 days are left: less than a fifth"
    assert colour(at("2026-10-14 17:30"), started="2026-10-10 09:00") is Light.GREEN
    assert colour(at("2026-10-12 09:59")) is Light.RED


@pytest.mark.parametrize("state", sorted(set(State) - RUNNING))
def test_what_is_settled_or_waits_has_no_light(state: State) -> None:
    assert colour(at("2026-10-01 17:30"), state=state) is Light.GREY
    assert colour(None) is Light.GREY


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_light_never_goes_back_to_green(passed: timedelta, more: timedelta) -> None:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    start, calendar = at("2025-03-03 09:00"), default_calendar()
    due = calendar.add_working_days(start, 20).at

    def then(now: datetime) -> int:
        soon = calendar.add_working_days(now, 1).at
        return order.index(light(runs=True, due_at=due, started_at=start, now=now, soon=soon))

    assert then(start + passed) <= then(start + passed + more)


def test_the_documented_diagram_is_that_of_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "lifecycles.md").read_text(encoding="utf-8")
    assert MATTER.diagram() in page, "run tools/reference.py write"


@pytest.mark.parametrize("move", [Move.CONFIRM, Move.REOPEN])
def test_with_a_slip_nobody_judges_the_work_of_the_own_unit(move: Move) -> None:
    for helper in (actor(Role.CLERK), SUPPORT):
        assert rules.may(move, helper.for_another(), at_stand(State.FINISHED)).code == "own_work"


def test_of_a_confidential_matter_only_its_units_and_the_clerk_see_the_reporter() -> None:
    hidden = at_stand(State.ACCEPTED, confidential=True)
    for role in Role:
        somebody = replace(actor(role, unit=False), confidential=role in SEES_CONFIDENTIAL)
        assert bool(rules.may_reveal_reporter(somebody, hidden)) is (role is Role.CLERK), role
    assert all(rules.may_reveal_reporter(actor(role), hidden) for role in (Role.HANDLER, Role.VILLAGE_SECRETARY))
    assert not rules.sees(actor(Role.CADRE), hidden)
    assert not rules.sees(actor(Role.VILLAGE_SECRETARY, unit=False), hidden)
