"""The lives of an activity and of a sign-up. Pure."""

from __future__ import annotations

from typing import Final

from minqing.activities.enums import Move, SignUpState, State, Step
from minqing.core.lifecycle import Lifecycle

ACTIVITY: Final = Lifecycle[State, Move](
    {
        (None, Move.WRITE): State.DRAFT,
        (State.DRAFT, Move.PUBLISH): State.OPEN,
        (State.DRAFT, Move.CANCEL): State.CANCELLED,
        (State.OPEN, Move.CANCEL): State.CANCELLED,
        (State.OPEN, Move.END): State.ENDED,
        (State.ENDED, Move.SETTLE): State.SETTLED,
        (State.SETTLED, Move.SEND_BACK): State.ENDED,
        (State.ENDED, Move.THANK): State.THANKED,
        (State.SETTLED, Move.THANK): State.THANKED,
    },
    staying={State.DRAFT: (Move.CHANGE,)},
    ends=(State.THANKED, State.CANCELLED),
)
SIGN_UP: Final = Lifecycle[SignUpState, Step](
    {
        (None, Step.SIGN_UP): SignUpState.IN,
        (None, Step.QUEUE): SignUpState.WAITING,
        (SignUpState.WAITING, Step.MOVE_UP): SignUpState.IN,
        (SignUpState.IN, Step.WITHDRAW): SignUpState.WITHDRAWN,
        (SignUpState.WAITING, Step.WITHDRAW): SignUpState.WITHDRAWN,
        (SignUpState.IN, Step.CHECK_IN): SignUpState.CAME,
        # whoever turned up without a place and was let in
        (SignUpState.WAITING, Step.CHECK_IN): SignUpState.CAME,
        (SignUpState.CAME, Step.UNDO): SignUpState.IN,
    },
    ends=(SignUpState.CAME, SignUpState.WITHDRAWN, SignUpState.IN, SignUpState.WAITING),
)
# who takes a place
TAKEN: Final = frozenset({SignUpState.IN, SignUpState.CAME})
# who may still withdraw
COMING: Final = frozenset({SignUpState.IN, SignUpState.WAITING})
# the list of who came may still be mended
LISTING: Final = frozenset({State.OPEN, State.ENDED})
# it took place, and may be told of
OVER: Final = frozenset({State.ENDED, State.SETTLED, State.THANKED})
