"""The lives of an activity and of a sign-up. Pure."""

from __future__ import annotations

from typing import Final

from minqing.activities.enums import Move, Place, State, Step
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
SIGN_UP: Final = Lifecycle[Place, Step](
    {
        (None, Step.SIGN_UP): Place.IN,
        (None, Step.QUEUE): Place.WAITING,
        (Place.WAITING, Step.MOVE_UP): Place.IN,
        (Place.IN, Step.WITHDRAW): Place.WITHDRAWN,
        (Place.WAITING, Step.WITHDRAW): Place.WITHDRAWN,
        (Place.IN, Step.CHECK_IN): Place.CAME,
        # whoever turned up without a place and was let in
        (Place.WAITING, Step.CHECK_IN): Place.CAME,
        (Place.CAME, Step.UNDO): Place.IN,
    },
    ends=(Place.CAME, Place.WITHDRAWN, Place.IN, Place.WAITING),
)
# who takes a place
TAKEN: Final = frozenset({Place.IN, Place.CAME})
# the list of who came may still be mended
LISTING: Final = frozenset({State.OPEN, State.ENDED})
# it took place, and may be told of
OVER: Final = frozenset({State.ENDED, State.SETTLED, State.THANKED})
