"""The life of a matter, and of a part of one, and what each move is. Pure.

Who is which party is decided in :mod:`minqing.matters.rules`, apart from what the state allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.lifecycle import Lifecycle
from minqing.matters.enums import Move, PartState, Party, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WATCHED: Final = (Move.SUPERVISE, Move.RELEASE, Move.ESCALATE, Move.NOTE)
PARTS: Final = (Move.JOIN, Move.REPLY_PART, Move.REFUSE_PART, Move.DECIDE_PART, Move.DROP_PART)
# a deadline moves with the calendar while it runs
RUNNING_ON: Final = (Move.RECKON, *WATCHED)
# who of the unit has it, or its part of it
NAMING: Final = (Move.NAME, Move.TAKE)
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
        (State.ASSIGNED, Move.UNASSIGN): State.RECEIVED,
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
        State.ASSIGNED: (Move.CLASSIFY, *NAMING, *PARTS, *EXTENDING, *RUNNING_ON),
        State.ACCEPTED: (Move.CLASSIFY, Move.ACT, *NAMING, *PARTS, *EXTENDING, Move.REPORT, *RUNNING_ON),
        # what was asked for before it was hung up is decided all the same: nothing new is asked for meanwhile
        State.SUSPENDED: (Move.ACT, Move.REPORT, *NAMING, *ANSWERING, *DECIDING, *RUNNING_ON),
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


@dataclass(frozen=True, slots=True)
class MoveKind:
    """One move: which ``event`` tells of it, which ``parties`` may make it, and what all others are told.

    One that ``adds`` a word decides nothing: it stands beside whatever else was done meanwhile.
    """

    event: str
    parties: Set[Party]
    refusal: StrOrPromise
    adds: bool = False


MOVES: Final[Mapping[Move, MoveKind]] = {
    Move.RECEIVE: MoveKind(
        "matters.matter.received",
        {Party.REPORTER, Party.FIELD, Party.PARTNER, Party.SYSTEM},
        _("You may report matters only for the places that you look after."),
    ),
    Move.CLASSIFY: MoveKind(
        "matters.matter.classified", {Party.CLERK, Party.SYSTEM}, _("Only a clerk of this place may sort matters.")
    ),
    Move.ASSIGN: MoveKind(
        "matters.matter.assigned", {Party.CLERK, Party.SYSTEM}, _("Only a clerk of this place may assign matters.")
    ),
    # a slip of the hand, within minutes: see services/assigning.py
    Move.UNASSIGN: MoveKind(
        "matters.matter.unassigned", {Party.CLERK}, _("Only a clerk of this place may assign matters.")
    ),
    Move.DECIDE: MoveKind(
        "matters.matter.decided",
        {Party.CLERK, Party.LEADER},
        _("Only a clerk or leader of this place may decide on the spot who handles it."),
    ),
    Move.TRANSFER: MoveKind(
        "matters.matter.transferred",
        {Party.CLERK, Party.UNIT},
        _("Only the unit that has the matter, or a clerk of this place, may transfer it."),
    ),
    Move.ACCEPT: MoveKind(
        "matters.matter.accepted",
        {Party.UNIT, Party.SYSTEM},
        _("Only the unit that the matter was assigned to may accept it."),
    ),
    # a fact of the work inside the unit: it lets nobody do more and keeps nobody from doing anything
    Move.NAME: MoveKind(
        "matters.matter.named",
        {Party.UNIT, Party.SUPPORT},
        _("Only those who give out work in the unit that has the matter may say who handles it."),
    ),
    Move.TAKE: MoveKind(
        "matters.matter.taken",
        {Party.UNIT, Party.SUPPORT},
        _("Only somebody of a unit that has the matter, or a part of it, may take it on."),
    ),
    Move.ACT: MoveKind(
        "matters.matter.noted",
        {Party.UNIT, Party.SYSTEM},
        _("Only the unit that has the matter in hand may note progress."),
        adds=True,
    ),
    # the reporter adds something; those who work on it read it
    Move.NOTE: MoveKind(
        "matters.matter.remarked",
        {Party.UNIT, Party.SUPPORT, Party.CLERK, Party.LEADER, Party.REPORTER},
        _("Only those who work on this matter, or who raised it, may leave a note."),
        adds=True,
    ),
    Move.SEND_BACK: MoveKind(
        "matters.matter.sent_back",
        {Party.UNIT, Party.SYSTEM},
        _("Only the unit that the matter was assigned to may send it back."),
    ),
    Move.JOIN: MoveKind(
        "matters.part.asked",
        {Party.CLERK, Party.UNIT},
        _("Only the unit that leads, or a clerk of this place, may ask another unit to join."),
    ),
    Move.REPLY_PART: MoveKind(
        "matters.part.replied", {Party.SUPPORT}, _("Only a unit that was asked to join may answer its part."), adds=True
    ),
    Move.REFUSE_PART: MoveKind(
        "matters.part.refused", {Party.SUPPORT}, _("Only a unit that was asked to join may refuse its part.")
    ),
    Move.DECIDE_PART: MoveKind(
        "matters.part.decided",
        {Party.CLERK, Party.LEADER},
        _("Only a clerk or leader of this place may decide a part on the spot."),
    ),
    Move.DROP_PART: MoveKind(
        "matters.part.dropped",
        {Party.CLERK, Party.UNIT},
        _("Only the unit that leads, or a clerk of this place, may take a part back."),
    ),
    Move.ASK_EXTENSION: MoveKind(
        "matters.extension.asked", {Party.UNIT}, _("Only the unit that has the matter may ask for more time.")
    ),
    Move.GRANT_EXTENSION: MoveKind(
        "matters.extension.granted",
        {Party.CLERK, Party.LEADER},
        _("Only a clerk or leader of this place may grant more time."),
    ),
    Move.REFUSE_EXTENSION: MoveKind(
        "matters.extension.refused",
        {Party.CLERK, Party.LEADER},
        _("Only a clerk or leader of this place may refuse more time."),
    ),
    Move.SUSPEND: MoveKind(
        "matters.matter.suspended",
        {Party.UNIT, Party.CLERK, Party.LEADER},
        _("Only the unit that has the matter, or a clerk or leader of this place, may suspend it."),
    ),
    Move.RESUME: MoveKind(
        "matters.matter.resumed",
        {Party.UNIT, Party.CLERK, Party.LEADER, Party.SYSTEM},
        _("Only the unit that has the matter, or a clerk or leader of this place, may resume it."),
    ),
    Move.FINISH: MoveKind(
        "matters.matter.finished",
        {Party.UNIT, Party.SYSTEM},
        _("Only the unit that has the matter in hand may finish it."),
    ),
    # whoever calls the reporter back is not of the unit that answered: see independent()
    Move.FOLLOW_UP: MoveKind(
        "matters.matter.followed_up",
        {Party.FIELD, Party.CLERK},
        _("Only a cadre or clerk of this place may call the reporter back."),
        adds=True,
    ),
    # a cadre says it for a resident who has no phone; the unit never judges its own work
    Move.CONFIRM: MoveKind(
        "matters.matter.confirmed",
        {Party.REPORTER, Party.FIELD, Party.SYSTEM},
        _("Only the reporter, or a cadre who looks after the place, may confirm."),
    ),
    Move.REOPEN: MoveKind(
        "matters.matter.reopened",
        {Party.REPORTER, Party.FIELD, Party.SYSTEM},
        _("Only the reporter, or a cadre who looks after the place, may reopen."),
    ),
    Move.DECLINE: MoveKind(
        "matters.matter.declined", {Party.CLERK}, _("Only a clerk of this place may decline a matter.")
    ),
    Move.APPEAL: MoveKind(
        "matters.matter.appealed",
        {Party.REPORTER, Party.FIELD},
        _("Only the reporter, or a cadre who looks after the place, may appeal."),
    ),
    Move.WITHDRAW: MoveKind(
        "matters.matter.withdrawn",
        {Party.REPORTER, Party.FIELD, Party.SYSTEM},
        _("Only the reporter, or a cadre who looks after the place, may withdraw."),
    ),
    Move.MERGE: MoveKind(
        "matters.matter.merged", {Party.CLERK, Party.SYSTEM}, _("Only a clerk of this place may put matters together.")
    ),
    Move.SPLIT: MoveKind(
        "matters.matter.split",
        {Party.CLERK, Party.REPORTER, Party.FIELD},
        _("Only the reporter, or somebody who looks after the place, may take matters apart again."),
    ),
    # a leader's order, which the unit that handles the matter cannot take away
    Move.SUPERVISE: MoveKind(
        "matters.matter.supervised",
        {Party.LEADER, Party.SYSTEM},
        _("Only a leader of this place may order supervision."),
    ),
    Move.REPORT: MoveKind(
        "matters.matter.reported_on",
        {Party.UNIT},
        _("Only the unit that has the matter in hand may report on it."),
        adds=True,
    ),
    Move.RELEASE: MoveKind(
        "matters.matter.released", {Party.LEADER}, _("Only a leader of this place may end supervision.")
    ),
    Move.ESCALATE: MoveKind(
        "matters.matter.escalated", {Party.SYSTEM}, _("Matters are escalated by the system, not by hand.")
    ),
    Move.RECKON: MoveKind(
        "matters.matter.reckoned", {Party.SYSTEM}, _("Deadlines are reckoned by the system, not by hand.")
    ),
}
