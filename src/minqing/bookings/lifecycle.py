"""The life of a booking. Pure.

Points are held until both sides have spoken. A side that says nothing is not waited for without end: what the provider
called done is confirmed by itself, and what the provider never called done is given back. What one side says against
the other, that it was not there, moves no points until the other has had its time to contradict; then a person decides.
"""

from __future__ import annotations

from typing import Final

from minqing.bookings.enums import Move, State, WaitMove, WaitState
from minqing.core.lifecycle import Lifecycle

BOOKING: Final = Lifecycle[State, Move](
    {
        (None, Move.BOOK): State.BOOKED,
        # a time that was freed is kept for the first who waits
        (None, Move.OFFER): State.OFFERED,
        (State.OFFERED, Move.ACCEPT): State.BOOKED,
        (State.OFFERED, Move.LAPSE): State.LAPSED,
        (State.OFFERED, Move.CALL_OFF): State.CALLED_OFF,
        (State.BOOKED, Move.CANCEL): State.CANCELLED,
        (State.BOOKED, Move.CALL_OFF): State.CALLED_OFF,
        (State.BOOKED, Move.ARRIVE): State.ARRIVED,
        (State.BOOKED, Move.FINISH): State.DONE,
        (State.BOOKED, Move.SAY_MISSED): State.MISS_SAID,
        (State.BOOKED, Move.SAY_NOT_COME): State.FAIL_SAID,
        # nobody has said anything
        (State.BOOKED, Move.FAIL): State.NOT_COME,
        (State.ARRIVED, Move.FINISH): State.DONE,
        (State.ARRIVED, Move.SAY_MISSED): State.MISS_SAID,
        (State.ARRIVED, Move.DOUBT): State.DOUBTED,
        (State.ARRIVED, Move.FAIL): State.NOT_COME,
        (State.DONE, Move.CONFIRM): State.CONFIRMED,
        (State.DONE, Move.DOUBT): State.DOUBTED,
        (State.MISS_SAID, Move.CONTRADICT): State.DOUBTED,
        (State.MISS_SAID, Move.MISS): State.MISSED,
        (State.FAIL_SAID, Move.CONTRADICT): State.DOUBTED,
        (State.FAIL_SAID, Move.FAIL): State.NOT_COME,
        (State.DOUBTED, Move.CONFIRM): State.CONFIRMED,
        (State.DOUBTED, Move.MISS): State.MISSED,
        (State.DOUBTED, Move.FAIL): State.NOT_COME,
        # by who keeps the providers, for a good reason
        (State.CANCELLED, Move.GIVE_BACK): State.RETURNED,
        (State.MISSED, Move.GIVE_BACK): State.RETURNED,
        (State.CONFIRMED, Move.GIVE_BACK): State.RETURNED,
    },
    ends=(
        State.CONFIRMED,
        State.CANCELLED,
        State.CALLED_OFF,
        State.MISSED,
        State.NOT_COME,
        State.LAPSED,
        State.RETURNED,
    ),
)
WAIT: Final = Lifecycle[WaitState, WaitMove](
    {
        (None, WaitMove.JOIN): WaitState.WAITING,
        (WaitState.WAITING, WaitMove.OFFER): WaitState.OFFERED,
        (WaitState.WAITING, WaitMove.SKIP): WaitState.PASSED,
        (WaitState.WAITING, WaitMove.LEAVE): WaitState.LEFT,
        (WaitState.WAITING, WaitMove.END): WaitState.OVER,
    },
    ends=(WaitState.OFFERED, WaitState.PASSED, WaitState.LEFT, WaitState.OVER),
)
