"""The life of an exchange at a machine, as in MDB's cashless level. Pure.

Before the machine is told, an exchange may be called off, by time as well. After it only what dropped decides: the
machine's journal, or somebody who looked. What the machine says late never takes points from anybody: what dropped
after all is a loss, what did not is given back.
"""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.machines.enums import Move, State

VEND: Final = Lifecycle[State, Move](
    {
        (None, Move.RESERVE): State.RESERVED,
        (State.RESERVED, Move.GIVE): State.GIVEN,
        (State.RESERVED, Move.CALL_OFF): State.CALLED_OFF,
        (State.GIVEN, Move.SUCCEED): State.DONE,
        (State.GIVEN, Move.FAIL): State.FAILED,
        (State.GIVEN, Move.LOSE_SIGHT): State.UNKNOWN,
        (State.UNKNOWN, Move.SUCCEED): State.DONE,
        (State.UNKNOWN, Move.FAIL): State.FAILED,
        (State.FAILED, Move.SUCCEED): State.LOST,
        (State.CALLED_OFF, Move.SUCCEED): State.LOST,
        (State.DONE, Move.FAIL): State.RETURNED,
    },
    ends=(State.DONE, State.FAILED, State.CALLED_OFF, State.LOST, State.RETURNED),
)
