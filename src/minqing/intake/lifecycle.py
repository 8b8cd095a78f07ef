"""The life of a table that is brought. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.intake.enums import RunMove, RunState

RUN: Final = Lifecycle[RunState, RunMove](
    {
        (RunState.CHECKING, RunMove.CHECK): RunState.CHECKED,
        (RunState.CHECKING, RunMove.REFUSE): RunState.REFUSED,
        (RunState.CHECKING, RunMove.BREAK_OFF): RunState.FAILED,
        # the same file read otherwise
        (RunState.CHECKED, RunMove.LAY_OUT): RunState.CHECKING,
        (RunState.REFUSED, RunMove.LAY_OUT): RunState.CHECKING,
        (RunState.CHECKED, RunMove.LOAD): RunState.LOADING,
        (RunState.LOADING, RunMove.FINISH): RunState.DONE,
        (RunState.LOADING, RunMove.TURN_BACK): RunState.CHECKED,
        (RunState.LOADING, RunMove.BREAK_OFF): RunState.FAILED,
        # goes on behind the last batch
        (RunState.FAILED, RunMove.LOAD): RunState.LOADING,
    },
    ends=(RunState.REFUSED, RunState.DONE),
    begins=RunState.CHECKING,
)
