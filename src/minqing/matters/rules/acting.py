"""Which of the moves that are open to somebody is to be made now, which stand beside it, and which behind. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.matters.enums import Move, State
from minqing.matters.lifecycle import MATTER, MOVES
from minqing.matters.rules import Situation, parties

# what somebody most likely wants to do next: the first of these that is open to the actor is the main one
USUAL: Final = {
    State.RECEIVED: (Move.DECIDE, Move.ASSIGN),
    State.ASSIGNED: (Move.DECIDE_PART, Move.REPLY_PART, Move.ACCEPT),
    State.ACCEPTED: (Move.GRANT_EXTENSION, Move.REPLY_PART, Move.FINISH),
    State.SUSPENDED: (Move.GRANT_EXTENSION, Move.DECIDE_PART, Move.REPLY_PART, Move.RESUME),
    State.FINISHED: (Move.CONFIRM, Move.FOLLOW_UP),
}
# those that are words to somebody: tabs of one composer, each of which says who reads it
WRITING: Final = (Move.FINISH, Move.REPLY_PART, Move.ACT, Move.REPORT, Move.NOTE)
# beside the main one, so many at most
SECOND: Final = (
    Move.REFUSE_EXTENSION,
    Move.REFUSE_PART,
    Move.NAME,
    Move.TAKE,
    Move.JOIN,
    Move.SUPERVISE,
    Move.RELEASE,
    Move.SEND_BACK,
    Move.FOLLOW_UP,
    Move.REOPEN,
    Move.ACT,
    Move.DECLINE,
    Move.SPLIT,
    Move.APPEAL,
    Move.NOTE,
)
MOST_SECOND: Final = 2
# last in the menu and in red: what takes the matter from where it is
GRAVE: Final = (Move.SEND_BACK, Move.DECLINE, Move.WITHDRAW)
# a press alone makes it: a note may go with it and need not
AT_ONCE: Final = frozenset({Move.ACCEPT, Move.TAKE, Move.RESUME, Move.GRANT_EXTENSION})
# what comes later on the way, of which it helps to know why it is not open yet
TOLD: Final = (Move.ACCEPT, Move.FINISH, Move.ACT, Move.CONFIRM)
WAY: Final = (State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.FINISHED)
# refusals that may fall away while the state stays
MAY_FALL: Final = frozenset({"bound", "contested", "supervised"})


@dataclass(frozen=True)
class Arranged:
    """``main`` is the one filled button; ``writing`` the composer's tabs, the open one first."""

    main: Move | None
    writing: tuple[Move, ...]
    second: tuple[Move, ...]
    more: tuple[Move, ...]


def arranged(
    state: State, offered: Collection[Move], *, to_call_back: bool = False, carried: bool = False, own: bool = False
) -> Arranged:
    """The ``offered`` moves in their places. Who is to call the reporter back does that first, and whoever it was
    ``carried`` up to decides whether it is supervised.

    Nobody is asked to appeal, and behind the others stands it where the matter was declined by one's ``own`` move.
    """
    first = (*((Move.FOLLOW_UP,) if to_call_back else ()), *((Move.SUPERVISE,) if carried else ()))
    likely = (*first, *USUAL.get(state, ()))
    main = next((move for move in likely if move in offered), None)
    # beside a form of another kind there is no composer: its tabs are buttons as all others
    writing = [move for move in WRITING if move in offered] if main is None or main in WRITING else []
    if main in writing:
        writing.sort(key=lambda move: move is not main)
    left = [move for move in offered if move is not main and move not in writing]
    second = [move for move in SECOND if move in left and not (own and move is Move.APPEAL)][:MOST_SECOND]
    more = [move for move in left if move not in second]
    return Arranged(main, tuple(writing), tuple(second), tuple(sorted(more, key=lambda move: move in GRAVE)))


def comes_later(move: Move, decision: Decision, actor: Actor, situation: Situation) -> bool:
    """Whether a move that is refused now may well be open to this actor later: then it stands there with the reason.

    What somebody of this post can never do with the matter is not there at all.
    """
    if decision or parties(actor, situation).isdisjoint(MOVES[move].parties):
        return False
    if decision.code != "wrong_state":
        return decision.code in MAY_FALL
    return move in TOLD and any(MATTER.target(state, move) for state in ahead(situation.state))


def ahead(state: State | None) -> tuple[State, ...]:
    if state is State.SUSPENDED:
        return (State.ACCEPTED, State.FINISHED)
    return WAY[WAY.index(state) + 1 :] if state in WAY else ()
