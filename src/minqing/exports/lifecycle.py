"""The life of an export. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.exports.enums import Move, State

EXPORT: Final = Lifecycle[State, Move](
    {
        (None, Move.TAKE): State.TAKEN,
        (None, Move.ASK): State.ASKED,
        (State.ASKED, Move.APPROVE): State.APPROVED,
        (State.ASKED, Move.REFUSE): State.REFUSED,
        (State.APPROVED, Move.TAKE): State.TAKEN,
        # the file got lost on its way: once more within the day
        (State.TAKEN, Move.TAKE): State.TAKEN,
    },
    ends=(State.REFUSED, State.TAKEN),
)
