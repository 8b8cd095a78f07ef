"""The life of a claim. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.earning.enums import Move, State

CLAIM: Final = Lifecycle[State, Move](
    {
        (None, Move.SEND): State.SENT,
        # what happened in another room is known there: nobody has to confirm it
        (None, Move.THANK): State.AWARDED,
        (State.SENT, Move.VOUCH): State.VOUCHED,
        (State.SENT, Move.CONFIRM): State.AWARDED,
        (State.VOUCHED, Move.CONFIRM): State.AWARDED,
        (State.SENT, Move.REFUSE): State.REFUSED,
        (State.VOUCHED, Move.REFUSE): State.REFUSED,
        (State.AWARDED, Move.CORRECT): State.CORRECTED,
        # drawn by lot of what was given by itself: a person looks at it
        (State.AWARDED, Move.PASS): State.AWARDED,
        # once, and somebody else looks at it
        (State.REFUSED, Move.APPEAL): State.APPEALED,
        (State.APPEALED, Move.GRANT): State.AWARDED,
        (State.APPEALED, Move.UPHOLD): State.UPHELD,
    },
    ends=(State.AWARDED, State.REFUSED, State.CORRECTED, State.UPHELD),
)
WAITING: Final = frozenset({State.SENT, State.VOUCHED})
UNDECIDED: Final = WAITING | {State.APPEALED}
