"""The life of a message in the outbox as a table: which move leads from which state to which. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minqing.notify.enums import Move, State

TRANSITIONS: Final[Mapping[tuple[State | None, Move], State]] = {
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
}
# taken when their time has come
DUE: Final = (State.QUEUED, State.FAILED)
ENDED: Final = (State.SENT, State.FOLDED, State.DROPPED)


def target(state: State | None, move: Move) -> State | None:
    """Where ``move`` leads from ``state``; ``None`` when it is not open there."""
    return TRANSITIONS.get((state, move))


def diagram() -> str:
    """The table as a Mermaid state diagram, for ``docs/reference/lifecycles.md``."""
    lines = ["stateDiagram-v2"]
    for (state, move), to in TRANSITIONS.items():
        lines.append(f"    {state or '[*]'} --> {to}: {move}")
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ENDED)]) + "\n"
