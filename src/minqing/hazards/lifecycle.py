"""The life of a hazard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.hazards.enums import ClockKind, Move, State

HAZARD: Final = Lifecycle[State, Move](
    {
        (None, Move.FIND): State.FOUND,
        (State.FOUND, Move.FIX): State.AT_ONCE,
        (State.FOUND, Move.CONFIRM): State.CONFIRMED,
        (State.FOUND, Move.DISMISS): State.DISMISSED,
        (State.FOUND, Move.PUT_RIGHT): State.PUT_RIGHT,
        (State.FOUND, Move.RAISE): State.RAISED,
        (State.FOUND, Move.WITHDRAW): State.WITHDRAWN,
        # the township may still look at what was put right on the spot
        (State.AT_ONCE, Move.CONFIRM): State.CONFIRMED,
        (State.CONFIRMED, Move.PUT_RIGHT): State.PUT_RIGHT,
        (State.CONFIRMED, Move.RAISE): State.RAISED,
        # the term is moved, and nothing else
        (State.CONFIRMED, Move.ASK_MORE): State.CONFIRMED,
        (State.CONFIRMED, Move.GRANT_MORE): State.CONFIRMED,
        (State.CONFIRMED, Move.REFUSE_MORE): State.CONFIRMED,
        (State.PUT_RIGHT, Move.CLOSE): State.CLOSED,
        (State.PUT_RIGHT, Move.SEND_BACK): State.CONFIRMED,
        (State.RAISED, Move.SETTLE): State.CLOSED,
        # its matter has ended, and the hazard is still there
        (State.RAISED, Move.RETURN): State.CONFIRMED,
        (State.CLOSED, Move.REOPEN): State.RAISED,
    },
    ends=(State.AT_ONCE, State.CLOSED, State.DISMISSED, State.WITHDRAWN),
)
ENDED: Final = frozenset(HAZARD.ends)
# what runs in which state; of what was raised the matter has its own
RUNS: Final[Mapping[State, ClockKind]] = {
    State.FOUND: ClockKind.CHECK,
    State.CONFIRMED: ClockKind.RIGHT,
    State.PUT_RIGHT: ClockKind.LOOK,
}
