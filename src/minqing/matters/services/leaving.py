"""Nobody works on a matter any more: it was withdrawn, declined, or is handled with another one."""

from __future__ import annotations

from minqing.deadlines.services import end_pause
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.clocks import stop_clocks
from minqing.matters.services.parts import take_back
from minqing.matters.services.steps import Turn
from minqing.matters.services.supervising import end_supervision


def put_down(turn: Turn) -> list[str]:
    """Clocks are called off, the pause and supervision end, open parts are taken back; returns the parts' ids."""
    stop_clocks(turn.matter, at=turn.at, counts=False)
    end_pause(CLOCKS, turn.matter, at=turn.at)
    end_supervision(turn)
    return take_back(turn)
