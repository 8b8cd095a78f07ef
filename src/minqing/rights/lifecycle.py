"""The life of a request. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.rights.enums import Move, State

REQUEST: Final = Lifecycle[State, Move](
    {
        (None, Move.ASK): State.ASKED,
        (State.ASKED, Move.CHECK): State.CHECKED,
        (State.ASKED, Move.REJECT): State.REFUSED,
        (State.CHECKED, Move.GRANT): State.GRANTED,
        (State.CHECKED, Move.REFUSE): State.REFUSED,
        # what still had to end first did not, or the law forbids it after all
        (State.GRANTED, Move.REFUSE): State.REFUSED,
        (State.GRANTED, Move.CARRY_OUT): State.DONE,
        (State.DONE, Move.ANSWER): State.ANSWERED,
        (State.REFUSED, Move.ANSWER): State.ANSWERED,
        (State.ASKED, Move.TAKE_BACK): State.WITHDRAWN,
        (State.CHECKED, Move.TAKE_BACK): State.WITHDRAWN,
        (State.GRANTED, Move.TAKE_BACK): State.WITHDRAWN,
        # nobody had shown whose it was, and the person is erased: nothing is left to be answered
        (State.ASKED, Move.LAPSE): State.LAPSED,
        (State.REFUSED, Move.LAPSE): State.LAPSED,
    },
    ends=(State.ANSWERED, State.WITHDRAWN, State.LAPSED),
)
ENDED: Final = frozenset({State.ANSWERED, State.WITHDRAWN, State.LAPSED})
