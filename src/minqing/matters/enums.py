"""Words of matters 民情事项."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class State(StrEnum):
    """Where a matter stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> StrOrPromise:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.RECEIVED: _("Received"),
    State.ASSIGNED: _("Assigned"),
    State.ACCEPTED: _("In hand"),
    State.FINISHED: _("Answered"),
    State.CONFIRMED: _("Confirmed"),
    State.WITHDRAWN: _("Withdrawn"),
}
OPEN = frozenset({State.RECEIVED, State.ASSIGNED, State.ACCEPTED})
CLOSED = frozenset({State.CONFIRMED, State.WITHDRAWN})


class Move(StrEnum):
    """What can be done with a matter."""

    RECEIVE = "receive"
    CLASSIFY = "classify"
    ASSIGN = "assign"
    ACCEPT = "accept"
    ACT = "act"
    SEND_BACK = "send_back"
    FINISH = "finish"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> StrOrPromise:
        return MOVE_LABELS[self]


MOVE_LABELS = {
    Move.RECEIVE: _("Receive"),
    Move.CLASSIFY: _("Sort"),
    Move.ASSIGN: _("Assign"),
    Move.ACCEPT: _("Accept"),
    Move.ACT: _("Note progress"),
    Move.SEND_BACK: _("Send back"),
    Move.FINISH: _("Finish with a reply"),
    Move.CONFIRM: _("Confirm"),
    Move.REOPEN: _("Reopen"),
    Move.WITHDRAW: _("Withdraw"),
}


class Mechanism(StrEnum):
    """The three ways of handling: 民忧之事即办 · 民生难事联办 · 疑难顽症督办."""

    IMMEDIATE = "immediate"
    JOINT = "joint"
    SUPERVISED = "supervised"

    @property
    def label(self) -> StrOrPromise:
        return MECHANISM_LABELS[self]


MECHANISM_LABELS = {
    Mechanism.IMMEDIATE: _("Handled at once"),
    Mechanism.JOINT: _("Handled jointly"),
    Mechanism.SUPERVISED: _("Supervised"),
}


class Channel(StrEnum):
    """How a matter came in."""

    VISIT = "visit"
    CODE = "code"
    COUNTER = "counter"
    MESSAGE = "message"
    PHONE = "phone"
    WECHAT = "wechat"
    PAPER = "paper"
    SUGGESTION = "suggestion"
    ENTERPRISE = "enterprise"
    SOS = "sos"
    SHEET = "sheet"
    OPEN311 = "open311"
    PARTNER = "partner"

    @property
    def label(self) -> StrOrPromise:
        return CHANNEL_LABELS[self]


CHANNEL_LABELS = {
    Channel.VISIT: _("Visit"),
    Channel.CODE: _("Household code"),
    Channel.COUNTER: _("Counter"),
    Channel.MESSAGE: _("Message board"),
    Channel.PHONE: _("Telephone"),
    Channel.WECHAT: _("WeChat page"),
    Channel.PAPER: _("Paper slip"),
    Channel.SUGGESTION: _("People's suggestion"),
    Channel.ENTERPRISE: _("Enterprise demand"),
    Channel.SOS: _("Call for help"),
    Channel.SHEET: _("Table handed in"),
    Channel.OPEN311: _("Open311"),
    Channel.PARTNER: _("Partner system"),
}


class Light(StrEnum):
    """How a deadline stands: 绿 in time, 黄 nearly due, 红 overdue, 灰 none or settled."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"

    @property
    def label(self) -> StrOrPromise:
        return LIGHT_LABELS[self]


LIGHT_LABELS = {
    Light.GREEN: _("In time"),
    Light.YELLOW: _("Nearly due"),
    Light.RED: _("Overdue"),
    Light.GREY: _("No deadline"),
}


class ClockKind(StrEnum):
    """What a clock of a matter waits for."""

    ACCEPT = "accept"
    FIRST_CONTACT = "first_contact"
    PART = "part"
    FINISH = "finish"
    LEGAL = "legal"
    SUPERVISION = "supervision"
    REPORT = "report"

    @property
    def label(self) -> StrOrPromise:
        return CLOCK_LABELS[self]


CLOCK_LABELS = {
    ClockKind.ACCEPT: _("Acceptance"),
    ClockKind.FIRST_CONTACT: _("First contact"),
    ClockKind.PART: _("A unit's part"),
    ClockKind.FINISH: _("Promised answer"),
    ClockKind.LEGAL: _("Legal term"),
    ClockKind.SUPERVISION: _("Supervision"),
    ClockKind.REPORT: _("Interim report"),
}
