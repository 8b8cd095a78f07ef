"""When somebody is told: quiet hours, the digest, waiting after a failed try. And the life of a message."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.core.ids import new_id
from minqing.notify.enums import Channel, Mode, Move, State
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.rules import (
    DIGEST_AT,
    LONGEST_WAIT,
    Outside,
    Wish,
    after_quiet,
    may_keep,
    next_digest,
    plan,
    wait_after,
)
from tests.cast import at

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=5000)).map(lambda passed: at("2020-01-01 00:00") + passed)
MINUTES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
WISHES = st.builds(Wish, st.sampled_from(Mode), st.just(frozenset({"tests.off"})), MINUTES, MINUTES)
DAY = timedelta(days=1)


@given(WISHES, MOMENTS)
def test_after_the_quiet_hours_it_is_not_quiet_and_no_day_has_passed(wish: Wish, moment: datetime) -> None:
    later = after_quiet(wish, moment)
    assert after_quiet(wish, later) == later
    assert moment <= later < moment + DAY


@given(WISHES, MOMENTS, st.sampled_from(["tests.on", "tests.off"]))
def test_what_is_urgent_waits_for_nothing_but_a_channel_that_is_off(wish: Wish, moment: datetime, kind: str) -> None:
    planned = plan(wish, kind=kind, urgent=True, at=moment)
    assert planned == (None if wish.mode is Mode.OFF else (Move.QUEUE, moment))


@given(WISHES, MOMENTS, st.sampled_from(["tests.on", "tests.off"]))
def test_what_is_not_urgent_is_never_sent_in_quiet_hours(wish: Wish, moment: datetime, kind: str) -> None:
    planned = plan(wish, kind=kind, urgent=False, at=moment)
    unwanted = wish.mode in {Mode.OFF, Mode.URGENT} or kind == "tests.off"
    assert (planned is None) == unwanted
    if planned is not None:
        move, due = planned
        assert after_quiet(wish, due) == due >= moment
        assert move is (Move.HOLD if wish.mode is Mode.DIGEST else Move.QUEUE)


@given(MOMENTS)
def test_the_digest_is_at_eight_within_a_day(moment: datetime) -> None:
    due = next_digest(moment)
    assert due.astimezone(SHANGHAI).time() == DIGEST_AT
    assert moment < due <= moment + DAY


@pytest.mark.parametrize(
    ("start", "end", "moment", "expected"),
    [
        ("22:00", "07:00", "2026-11-20 21:59", "2026-11-20 21:59"),
        ("22:00", "07:00", "2026-11-20 22:00", "2026-11-21 07:00"),
        ("22:00", "07:00", "2026-11-21 06:59", "2026-11-21 07:00"),
        ("22:00", "07:00", "2026-11-21 07:00", "2026-11-21 07:00"),
        ("12:00", "14:00", "2026-11-20 13:00", "2026-11-20 14:00"),
        ("12:00", "14:00", "2026-11-20 23:00", "2026-11-20 23:00"),
        ("09:00", "09:00", "2026-11-20 09:00", "2026-11-20 09:00"),
        ("22:00", "07:00", "2026-12-31 23:59", "2027-01-01 07:00"),
    ],
)
def test_quiet_hours_by_example(start: str, end: str, moment: str, expected: str) -> None:
    wish = Wish(Mode.AT_ONCE, frozenset(), time.fromisoformat(start), time.fromisoformat(end))
    assert after_quiet(wish, at(moment)) == at(expected)


@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True))
def test_waiting_doubles_up_to_an_hour_and_is_spread(tries: int, roll: float) -> None:
    middle = min(timedelta(seconds=30) * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    assert 0.8 * middle <= wait_after(tries, roll) <= 1.2 * middle


def test_addresses_and_choices_are_ones_own() -> None:
    account = new_id()
    assert may_keep(Actor(id=account, kind="user", name=""), account)
    assert may_keep(Actor.system("sign-in"), account)
    assert not may_keep(Actor(id=new_id(), kind="user", name="", roles=frozenset({"operator"})), account)
    assert not may_keep(Actor(id=account, kind="partner", name=""), account)


def test_an_address_is_not_printed() -> None:
    assert "13812345678" not in repr(Outside(Channel.SMS, "13812345678"))


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_no_walk_sends_a_message_that_was_not_taken_or_leaves_an_end(moves: list[Move]) -> None:
    state: State | None = None
    taken = False
    for move in moves:
        to = MESSAGE.target(state, move)
        if to is None:
            continue
        assert state not in MESSAGE.ends
        taken = taken or move is Move.TAKE
        if to is State.SENT:
            assert taken
        state = to


def test_every_state_is_reached_and_every_end_is_an_end() -> None:
    assert set(MESSAGE.transitions.values()) == set(State)
    assert not {state for state, _move in MESSAGE.transitions} & set(MESSAGE.ends)
