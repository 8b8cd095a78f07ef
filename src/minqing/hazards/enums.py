"""Words of hazards 隐患排查. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class Severity(Word):
    """How grave a hazard is, the gravest last."""

    ORDINARY = "ordinary", _("Ordinary")
    SERIOUS = "serious", _("Serious")
    MAJOR = "major", _("Major")


class State(Word):
    """Where a hazard stands."""

    FOUND = "found", _("To be checked by the township")
    AT_ONCE = "at_once", _("Put right on the spot")
    CONFIRMED = "confirmed", _("To be put right")
    PUT_RIGHT = "put_right", _("Put right, to be looked at")
    RAISED = "raised", _("Raised as a matter")
    CLOSED = "closed", _("Looked at and closed")
    DISMISSED = "dismissed", _("No hazard")
    WITHDRAWN = "withdrawn", _("Withdrawn as a mistake")


class Move(Word):
    """What happens to a hazard."""

    FIND = "find", _("Report a hazard"), _("Hazard reported")
    FIX = "fix", _("Put right on the spot"), _("Put right on the spot")
    CONFIRM = "confirm", _("Confirm the hazard"), _("Hazard confirmed")
    DISMISS = "dismiss", _("It is none"), _("Noted that it is none")
    PUT_RIGHT = "put_right", _("It is put right"), _("Put right")
    CLOSE = "close", _("Looked at it: close"), _("Hazard closed")
    SEND_BACK = "send_back", _("Not put right yet"), _("Sent back")
    RAISE = "raise", _("Raise as a matter"), _("Raised as a matter")
    WITHDRAW = "withdraw", _("Withdraw it as a mistake"), _("Withdrawn")
    ASK_MORE = "ask_more", _("Ask for more time"), _("More time asked for")
    GRANT_MORE = "grant_more", _("Grant more time"), _("More time granted")
    REFUSE_MORE = "refuse_more", _("Refuse more time"), _("More time refused")
    SETTLE = "settle", _("Close with its matter"), _("Closed with its matter")
    RETURN = "return", _("Take it back from the matter"), _("Taken back from the matter")
    REOPEN = "reopen", _("Go on with its matter"), _("Goes on with its matter")


class Charge(Word):
    """Who is to put it right."""

    OWNER = "owner", _("The household or owner")
    VILLAGE = "village", _("The village")
    TOWNSHIP = "township", _("The township")


class ClockKind(Word):
    """What a hazard's clock runs for."""

    CHECK = "check", _("Until it is checked")
    RIGHT = "right", _("Until it is put right")
    LOOK = "look", _("Until that is looked at")
