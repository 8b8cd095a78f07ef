"""Words of activities 活动. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class State(Word):
    """Where an activity stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Published")
    ENDED = "ended", _("Over, to be confirmed")
    SETTLED = "settled", _("A second person looks")
    THANKED = "thanked", _("Thanked")
    CANCELLED = "cancelled", _("Cancelled")


class Move(Word):
    """What happens to an activity."""

    WRITE = "write", _("Write"), _("Written")
    CHANGE = "change", _("Change it"), _("Changed")
    PUBLISH = "publish", _("Publish"), _("Published")
    CANCEL = "cancel", _("Cancel the activity"), _("Cancelled")
    END = "end", _("It is over"), _("Over")
    SETTLE = "settle", _("Confirm who came"), _("Confirmed, a second person looks")
    SEND_BACK = "send_back", _("Send the list back"), _("Sent back")
    THANK = "thank", _("Confirm and give the points"), _("The points are given")


class SignUpState(Word):
    """Where a sign-up stands."""

    IN = "in", _("Has a place")
    WAITING = "waiting", _("On the waiting list")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CAME = "came", _("Came")


class Step(Word):
    """What happens to a sign-up."""

    SIGN_UP = "sign_up", _("Sign up")
    QUEUE = "queue", _("Wait for a place")
    MOVE_UP = "move_up", _("Move up")
    WITHDRAW = "withdraw", _("Withdraw")
    CHECK_IN = "check_in", _("Came")
    UNDO = "undo", _("Did not come after all")
