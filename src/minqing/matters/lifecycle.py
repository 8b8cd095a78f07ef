"""The life of a matter as a table: which move leads from which state to which. Pure.

Who may make a move is decided in :mod:`minqing.matters.rules`, apart from what the state allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minqing.matters.enums import Move, State

# before a matter is there it has no state
TRANSITIONS: Final[Mapping[tuple[State | None, Move], State]] = {
    (None, Move.RECEIVE): State.RECEIVED,
    (State.RECEIVED, Move.CLASSIFY): State.RECEIVED,
    (State.RECEIVED, Move.ASSIGN): State.ASSIGNED,
    (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ASSIGNED, Move.CLASSIFY): State.ASSIGNED,
    (State.ASSIGNED, Move.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Move.ACCEPT): State.ACCEPTED,
    (State.ASSIGNED, Move.SEND_BACK): State.RECEIVED,
    (State.ASSIGNED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Move.CLASSIFY): State.ACCEPTED,
    (State.ACCEPTED, Move.ASSIGN): State.ASSIGNED,
    (State.ACCEPTED, Move.ACT): State.ACCEPTED,
    (State.ACCEPTED, Move.SEND_BACK): State.RECEIVED,
    (State.ACCEPTED, Move.FINISH): State.FINISHED,
    (State.ACCEPTED, Move.WITHDRAW): State.WITHDRAWN,
    (State.FINISHED, Move.CONFIRM): State.CONFIRMED,
    (State.FINISHED, Move.REOPEN): State.ASSIGNED,
    (State.CONFIRMED, Move.REOPEN): State.ASSIGNED,
    # nobody handles a withdrawn matter any more: it is sorted and assigned anew
    (State.WITHDRAWN, Move.REOPEN): State.RECEIVED,
}


def target(state: State | None, move: Move) -> State | None:
    """Where ``move`` leads from ``state``; ``None`` when it is not open there."""
    return TRANSITIONS.get((state, move))


def moves_from(state: State | None) -> list[Move]:
    """The moves open in ``state``, in the order of their usual use."""
    return [move for (at, move) in TRANSITIONS if at == state]


def diagram() -> str:
    """The table as a Mermaid state diagram, for ``docs/reference/lifecycles.md``."""
    lines = ["stateDiagram-v2"]
    for (state, move), to in TRANSITIONS.items():
        lines.append(f"    {state or '[*]'} --> {to}: {move}")
    return "\n".join([*lines, f"    {State.CONFIRMED} --> [*]", f"    {State.WITHDRAWN} --> [*]"]) + "\n"
