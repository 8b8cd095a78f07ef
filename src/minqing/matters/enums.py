"""Words of matters 民情事项."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class State(Word):
    """Where a matter stands."""

    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", _("In hand")
    SUSPENDED = "suspended", _("Waiting")
    FINISHED = "finished", _("Answered")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Outside our duty")
    MERGED = "merged", _("Handled with another")


class Satisfaction(Word):
    """How satisfied the reporter is with the answer, the best first."""

    VERY_SATISFIED = "5", _("Very satisfied")
    SATISFIED = "4", _("Satisfied")
    SO_SO = "3", _("So-so")
    DISSATISFIED = "2", _("Dissatisfied")
    VERY_DISSATISFIED = "1", _("Very dissatisfied")


OPEN: Final = frozenset({State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.SUSPENDED})
CLOSED: Final = frozenset({State.CONFIRMED, State.WITHDRAWN, State.DECLINED, State.MERGED})
# those in which the deadline runs; in a suspended matter it depends on what is waited for: queries.running
RUNNING: Final = frozenset({State.RECEIVED, State.ASSIGNED, State.ACCEPTED})


class Move(Word):
    """What can be done with a matter."""

    RECEIVE = "receive", _("Receive"), _("Came in")
    CLASSIFY = "classify", _("Sort"), _("Sorted")
    ASSIGN = "assign", _("Assign"), _("Assigned")
    UNASSIGN = "unassign", _("Take back the assignment"), _("Assignment taken back")
    DECIDE = "decide", _("Decide on the spot"), _("Decided on the spot")
    TRANSFER = "transfer", _("Transfer"), _("Transferred")
    ACCEPT = "accept", _("Accept"), _("Taken in hand")
    NAME = "name", _("Say who handles it"), _("Named who handles it")
    TAKE = "take", _("I handle it"), _("Taken on")
    ACT = "act", _("Note progress"), _("Progress noted")
    NOTE = "note", _("Internal note"), _("Internal note written")
    SEND_BACK = "send_back", _("Send back"), _("Given back")
    JOIN = "join", _("Ask a unit to join"), _("Unit asked to join")
    REPLY_PART = "reply_part", _("Answer our part"), _("Own part answered")
    REFUSE_PART = "refuse_part", _("Refuse our part"), _("Own part refused")
    DECIDE_PART = "decide_part", _("Decide a part on the spot"), _("Part decided on the spot")
    DROP_PART = "drop_part", _("Take back a part"), _("Part taken back")
    ASK_EXTENSION = "ask_extension", _("Ask for more time"), _("More time asked for")
    GRANT_EXTENSION = "grant_extension", _("Grant more time"), _("More time granted")
    REFUSE_EXTENSION = "refuse_extension", _("Refuse more time"), _("More time refused")
    SUSPEND = "suspend", _("Suspend"), _("Put on hold")
    RESUME = "resume", _("Resume"), _("Resumed")
    FINISH = "finish", _("Finish with a reply"), _("Finished with a reply")
    FOLLOW_UP = "follow_up", _("Ask the reporter"), _("Reporter asked")
    CONFIRM = "confirm", _("Confirm"), _("Confirmed")
    REOPEN = "reopen", _("Reopen"), _("Taken up again")
    DECLINE = "decline", _("Decline as outside our duty"), _("Declined as outside our duty")
    APPEAL = "appeal", _("Appeal"), _("Appealed")
    WITHDRAW = "withdraw", _("Withdraw"), _("Withdrawn")
    MERGE = "merge", _("Handle with another matter"), _("Handled with another matter")
    SPLIT = "split", _("Handle on its own again"), _("On its own again")
    SUPERVISE = "supervise", _("Supervise"), _("Put under supervision")
    REPORT = "report", _("Interim report"), _("Interim report made")
    RELEASE = "release", _("End supervision"), _("Supervision ended")
    ESCALATE = "escalate", _("Escalate"), _("Escalated")
    RECKON = "reckon", _("Reckon deadlines anew"), _("Deadlines reckoned anew")


class Party(StrEnum):
    """In which part somebody acts on a matter; one person may have several."""

    REPORTER = "reporter"
    FIELD = "field"
    CLERK = "clerk"
    UNIT = "unit"
    SUPPORT = "support"
    LEADER = "leader"
    PARTNER = "partner"
    SYSTEM = "system"


class Mechanism(Word):
    """The three ways of handling: 民忧之事即办 · 民生难事联办 · 疑难顽症督办."""

    IMMEDIATE = "immediate", _("Handled at once")
    JOINT = "joint", _("Handled jointly")
    SUPERVISED = "supervised", _("Supervised")


# supervision is ordered by a leader, not chosen
UNSUPERVISED: Final = (Mechanism.IMMEDIATE, Mechanism.JOINT)


class Channel(Word):
    """How a matter came in."""

    VISIT = "visit", _("Visit")
    CODE = "code", _("Household code")
    COUNTER = "counter", _("Counter")
    MESSAGE = "message", _("Message board")
    PHONE = "phone", _("Telephone")
    WECHAT = "wechat", _("WeChat page")
    PAPER = "paper", _("Paper slip")
    SUGGESTION = "suggestion", _("People's suggestion")
    ENTERPRISE = "enterprise", _("Enterprise demand")
    SOS = "sos", _("Call for help")
    SHEET = "sheet", _("Table handed in")
    OPEN311 = "open311", _("Open311")
    PARTNER = "partner", _("Partner system")


class PartState(Word):
    """Where a supporting unit's part of a joint matter stands."""

    ASKED = "asked", _("Reply awaited")
    REPLIED = "replied", _("Replied")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Taken back")


# a refused part is still to be settled: by another unit, by a decision on the spot, or by taking it back
PART_OPEN: Final = frozenset({PartState.ASKED, PartState.REFUSED})


class Outcome(Word):
    """How it went, in the words of the unit that answers; the reporter's own word is another fact."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Solved in part")
    NOT_NOW = "not_now", _("Not possible for now")


# with these comes a sentence: why, or what comes next
LEFT_OVER: Final = frozenset({Outcome.PARTLY, Outcome.NOT_NOW})
# of what was answered before anybody was asked, or by a system that does not say
UNSAID: Final = _("Not said how it went")


class PauseReason(Word):
    """What a suspended matter waits for."""

    REPORTER = "reporter", _("The reporter")
    SEASON = "season", _("The season")
    THIRD_PARTY = "third_party", _("Somebody else")


class Source(Word):
    """How the reporter was asked."""

    LINK = "link", _("Private link")
    VISIT = "visit", _("On a visit")
    CALL = "call", _("Follow-up call")
    PAPER = "paper", _("Paper slip")
    BOARD = "board", _("Message board")


class ClockKind(Word):
    """What a clock of a matter waits for."""

    ASSIGN = "assign", _("Assignment")
    ACCEPT = "accept", _("Acceptance")
    FIRST_CONTACT = "first_contact", _("First contact")
    PART = "part", _("A unit's part")
    FINISH = "finish", _("Promised answer")
    LEGAL = "legal", _("Legal term")
    SUPERVISION = "supervision", _("Supervision")
    REPORT = "report", _("Interim report")


# the matter's own deadline is that of one of these: to be given to a unit, then to be answered by it
OWN_CLOCKS: Final = frozenset({ClockKind.ASSIGN, ClockKind.FINISH})
