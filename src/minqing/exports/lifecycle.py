"""The life of an export as a table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from minqing.exports.enums import Move, State

TRANSITIONS: Final[Mapping[tuple[State | None, Move], State]] = {
    (None, Move.TAKE): State.TAKEN,
    (None, Move.ASK): State.ASKED,
    (State.ASKED, Move.APPROVE): State.APPROVED,
    (State.ASKED, Move.REFUSE): State.REFUSED,
    (State.APPROVED, Move.TAKE): State.TAKEN,
    # the file got lost on its way: once more within the day
    (State.TAKEN, Move.TAKE): State.TAKEN,
}


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state or '[*]'} --> {to}: {move}" for (state, move), to in TRANSITIONS.items()]
    return "\n".join([*lines, f"    {State.REFUSED} --> [*]", f"    {State.TAKEN} --> [*]"]) + "\n"
