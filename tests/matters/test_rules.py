"""Every state × move × role, and the lights."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.actor import Actor
from minqing.core.calendar import default_calendar
from minqing.core.ids import new_id
from minqing.matters import lifecycle, rules
from minqing.matters.enums import Light, Move, State
from minqing.org.enums import Role
from minqing.org.rules import SEES_AREA, SEES_UNIT
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

# the table once more, from the point of view of those who move
OPEN_TO = {
    Move.RECEIVE: {"cadre", "village_secretary", "clerk", "resident", "system"},
    Move.CLASSIFY: {"clerk", "system"},
    Move.ASSIGN: {"clerk", "system"},
    Move.ACCEPT: {"clerk", "handler", "unit_head", "village_secretary", "system"},
    Move.ACT: {"clerk", "handler", "unit_head", "village_secretary", "system"},
    Move.SEND_BACK: {"clerk", "handler", "unit_head", "village_secretary", "system"},
    Move.FINISH: {"clerk", "handler", "unit_head", "village_secretary", "system"},
    Move.CONFIRM: {"cadre", "village_secretary", "clerk", "resident", "system"},
    Move.REOPEN: {"cadre", "village_secretary", "clerk", "resident", "system"},
    Move.WITHDRAW: {"cadre", "village_secretary", "clerk", "resident", "system"},
}
LEADS = {
    None: {Move.RECEIVE: State.RECEIVED},
    State.RECEIVED: {
        Move.CLASSIFY: State.RECEIVED,
        Move.ASSIGN: State.ASSIGNED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ASSIGNED: {
        Move.CLASSIFY: State.ASSIGNED,
        Move.ASSIGN: State.ASSIGNED,
        Move.ACCEPT: State.ACCEPTED,
        Move.SEND_BACK: State.RECEIVED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.ACCEPTED: {
        Move.CLASSIFY: State.ACCEPTED,
        Move.ASSIGN: State.ASSIGNED,
        Move.ACT: State.ACCEPTED,
        Move.SEND_BACK: State.RECEIVED,
        Move.FINISH: State.FINISHED,
        Move.WITHDRAW: State.WITHDRAWN,
    },
    State.FINISHED: {Move.CONFIRM: State.CONFIRMED, Move.REOPEN: State.ASSIGNED},
    State.CONFIRMED: {Move.REOPEN: State.ASSIGNED},
    State.WITHDRAWN: {Move.REOPEN: State.RECEIVED},
}
EVERYBODY = {role.value: actor(role) for role in Role} | {"resident": RESIDENT, "system": SYSTEM}


@pytest.mark.parametrize(("state", "move"), list(product([None, *State], Move)))
def test_each_state_and_move_for_each_role(state: State | None, move: Move) -> None:
    assert lifecycle.target(state, move) == LEADS[state].get(move)
    for name, who in EVERYBODY.items():
        decision = rules.may(move, who, state=state, area_id=AREA, unit_id=UNIT)
        assert bool(decision) == (move in LEADS[state] and name in OPEN_TO[move]), name
        assert decision or ((decision.code and str(decision.reason).endswith(".")) or "。" in str(decision.reason))


@pytest.mark.parametrize("move", list(Move))
def test_nobody_of_another_place_and_unit_may_do_anything(move: Move) -> None:
    for state, role in product([None, *State], Role):
        who = actor(role, area=False, unit=False)
        assert not rules.may(move, who, state=state, area_id=AREA, unit_id=UNIT)


def test_a_unit_never_judges_its_own_work() -> None:
    for role in (Role.HANDLER, Role.UNIT_HEAD):
        assert not rules.may(Move.CONFIRM, actor(role), state=State.FINISHED, area_id=AREA, unit_id=UNIT)


def test_the_reporter_is_for_those_who_handle_the_matter() -> None:
    may_see = {role for role in Role if rules.may_reveal_reporter(actor(role), area_id=AREA, unit_id=UNIT)}
    assert may_see == {Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.HANDLER, Role.UNIT_HEAD}
    assert not rules.may_reveal_reporter(actor(Role.CLERK, area=False, unit=False), area_id=AREA, unit_id=UNIT)


def test_the_diagram_names_every_transition() -> None:
    lines = lifecycle.diagram().splitlines()
    assert len(lines) == 1 + len(lifecycle.TRANSITIONS) + 2
    assert "    [*] --> received: receive" in lines
    assert "    finished --> confirmed: confirm" in lines


NOW = at("2026-10-12 10:00")
SOON = default_calendar().add_working_days(NOW, 1).at


def colour(due: datetime | None, *, state: State = State.ASSIGNED, started: str = "2026-09-30 16:00") -> Light:
    return rules.light(state=state, due_at=due, started_at=at(started), now=NOW, soon=SOON)


def test_lights_turn_from_green_over_yellow_to_red() -> None:
    assert colour(at("2026-10-26 17:30")) is Light.GREEN
    assert colour(at("2026-10-12 17:30")) is Light.YELLOW, "less than a working day is left"
    assert colour(at("2026-10-14 17:30")) is Light.YELLOW, "2.3 of 14 days are left: less than a fifth"
    assert colour(at("2026-10-14 17:30"), started="2026-10-10 09:00") is Light.GREEN
    assert colour(at("2026-10-12 09:59")) is Light.RED


@pytest.mark.parametrize("state", [State.FINISHED, State.CONFIRMED, State.WITHDRAWN])
def test_what_is_settled_has_no_light(state: State) -> None:
    assert colour(at("2026-10-01 17:30"), state=state) is Light.GREY
    assert colour(None) is Light.GREY


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_light_never_goes_back_to_green(passed: timedelta, more: timedelta) -> None:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    start, calendar = at("2025-03-03 09:00"), default_calendar()
    due = calendar.add_working_days(start, 20).at

    def then(now: datetime) -> int:
        soon = calendar.add_working_days(now, 1).at
        return order.index(rules.light(state=State.ASSIGNED, due_at=due, started_at=start, now=now, soon=soon))

    assert then(start + passed) <= then(start + passed + more)


def test_the_documented_diagram_is_that_of_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "lifecycles.md").read_text(encoding="utf-8")
    assert lifecycle.diagram() in page, "run tools/reference.py write"
