"""The life of a matter, and of a part of one. Pure.

Who may make a move is decided in :mod:`minqing.matters.rules`, apart from what the state allows.
"""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.matters.enums import Move, PartState, State

WATCHED: Final = (Move.SUPERVISE, Move.RELEASE, Move.ESCALATE, Move.NOTE)
PARTS: Final = (Move.JOIN, Move.REPLY_PART, Move.REFUSE_PART, Move.DECIDE_PART, Move.DROP_PART)
# a deadline moves with the calendar while it runs
RUNNING_ON: Final = (Move.RECKON, *WATCHED)
EXTENDING: Final = (Move.ASK_EXTENSION, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION)
ANSWERING: Final = (Move.REPLY_PART, Move.REFUSE_PART)
DECIDING: Final = (Move.DECIDE_PART, Move.DROP_PART, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION)
# before a matter is there it has no state
MATTER: Final = Lifecycle[State, Move](
    {
        (None, Move.RECEIVE): State.RECEIVED,
        (State.RECEIVED, Move.ASSIGN): State.ASSIGNED,
        (State.RECEIVED, Move.DECIDE): State.ASSIGNED,
        (State.RECEIVED, Move.DECLINE): State.DECLINED,
        (State.RECEIVED, Move.MERGE): State.MERGED,
        (State.RECEIVED, Move.WITHDRAW): State.WITHDRAWN,
        (State.ASSIGNED, Move.ASSIGN): State.ASSIGNED,
        (State.ASSIGNED, Move.TRANSFER): State.ASSIGNED,
        (State.ASSIGNED, Move.ACCEPT): State.ACCEPTED,
        (State.ASSIGNED, Move.SEND_BACK): State.RECEIVED,
        (State.ASSIGNED, Move.DECLINE): State.DECLINED,
        (State.ASSIGNED, Move.MERGE): State.MERGED,
        (State.ASSIGNED, Move.WITHDRAW): State.WITHDRAWN,
        (State.ACCEPTED, Move.ASSIGN): State.ASSIGNED,
        (State.ACCEPTED, Move.TRANSFER): State.ASSIGNED,
        (State.ACCEPTED, Move.SEND_BACK): State.RECEIVED,
        (State.ACCEPTED, Move.SUSPEND): State.SUSPENDED,
        (State.ACCEPTED, Move.FINISH): State.FINISHED,
        (State.ACCEPTED, Move.DECLINE): State.DECLINED,
        (State.ACCEPTED, Move.MERGE): State.MERGED,
        (State.ACCEPTED, Move.WITHDRAW): State.WITHDRAWN,
        (State.SUSPENDED, Move.RESUME): State.ACCEPTED,
        (State.SUSPENDED, Move.WITHDRAW): State.WITHDRAWN,
        (State.FINISHED, Move.CONFIRM): State.CONFIRMED,
        (State.FINISHED, Move.REOPEN): State.ASSIGNED,
        (State.CONFIRMED, Move.REOPEN): State.ASSIGNED,
        # nobody handles a withdrawn or declined matter any more: it is sorted and assigned anew
        (State.WITHDRAWN, Move.REOPEN): State.RECEIVED,
        (State.DECLINED, Move.APPEAL): State.RECEIVED,
        # the one that is handled is answered or declined, and with it every reporter of the same cause
        (State.MERGED, Move.FINISH): State.FINISHED,
        (State.MERGED, Move.DECLINE): State.DECLINED,
        (State.MERGED, Move.SPLIT): State.RECEIVED,
        (State.MERGED, Move.WITHDRAW): State.WITHDRAWN,
    },
    staying={
        State.RECEIVED: (Move.CLASSIFY, *RUNNING_ON),
        State.ASSIGNED: (Move.CLASSIFY, *PARTS, *EXTENDING, *RUNNING_ON),
        State.ACCEPTED: (Move.CLASSIFY, Move.ACT, *PARTS, *EXTENDING, Move.REPORT, *RUNNING_ON),
        # what was asked for before it was hung up is decided all the same: nothing new is asked for meanwhile
        State.SUSPENDED: (Move.ACT, Move.REPORT, *ANSWERING, *DECIDING, *RUNNING_ON),
        State.FINISHED: (Move.FOLLOW_UP, Move.NOTE),
        # a cadre may have said it for the reporter: the call is a look at that, too
        State.CONFIRMED: (Move.FOLLOW_UP, Move.NOTE),
        State.MERGED: (Move.ACT, Move.NOTE),
    },
    ends=(State.CONFIRMED, State.WITHDRAWN),
)
PART: Final = Lifecycle[PartState, Move](
    {
        (None, Move.JOIN): PartState.ASKED,
        (PartState.ASKED, Move.REPLY_PART): PartState.REPLIED,
        (PartState.ASKED, Move.REFUSE_PART): PartState.REFUSED,
        (PartState.ASKED, Move.DROP_PART): PartState.DROPPED,
        (PartState.REFUSED, Move.DECIDE_PART): PartState.ASKED,
        (PartState.REFUSED, Move.DROP_PART): PartState.DROPPED,
        (PartState.REPLIED, Move.JOIN): PartState.ASKED,
    },
    ends=(PartState.REPLIED, PartState.DROPPED),
)
