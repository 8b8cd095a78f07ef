"""The life of a message in the outbox. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.notify.enums import Move, State

# taken when their time has come
DUE: Final = (State.QUEUED, State.FAILED)
MESSAGE: Final = Lifecycle[State, Move](
    {
        (None, Move.QUEUE): State.QUEUED,
        # waits for the digest, becomes part of it
        (None, Move.HOLD): State.HELD,
        (State.HELD, Move.FOLD): State.FOLDED,
        (State.HELD, Move.DROP): State.DROPPED,
        (State.QUEUED, Move.TAKE): State.SENDING,
        (State.QUEUED, Move.DROP): State.DROPPED,
        (State.FAILED, Move.TAKE): State.SENDING,
        (State.FAILED, Move.DROP): State.DROPPED,
        (State.SENDING, Move.SEND): State.SENT,
        (State.SENDING, Move.FAIL): State.FAILED,
        (State.SENDING, Move.PARK): State.PARKED,
        (State.SENDING, Move.DROP): State.DROPPED,
        # the answer came after the lease had run out
        (State.PARKED, Move.SEND): State.SENT,
        # the operator has looked
        (State.PARKED, Move.RETRY): State.QUEUED,
        (State.PARKED, Move.DROP): State.DROPPED,
    },
    ends=(State.SENT, State.FOLDED, State.DROPPED),
)
