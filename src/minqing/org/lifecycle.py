"""The life of a change of areas. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.org.enums import ChangeMove, ChangeState

CHANGE: Final = Lifecycle[ChangeState, ChangeMove](
    {
        (None, ChangeMove.BEGIN): ChangeState.RUNNING,
        # what is done at once, as a new name
        (None, ChangeMove.NOTE): ChangeState.DONE,
        (ChangeState.RUNNING, ChangeMove.FINISH): ChangeState.DONE,
        (ChangeState.DONE, ChangeMove.UNDO): ChangeState.UNDOING,
        (ChangeState.UNDOING, ChangeMove.FINISH_UNDO): ChangeState.UNDONE,
    },
    ends=(ChangeState.DONE, ChangeState.UNDONE),
)
