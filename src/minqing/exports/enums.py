"""Words of exports. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class State(Word):
    """Where an export stands."""

    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")
    TAKEN = "taken", _("Downloaded")


class Move(Word):
    """What happens to an export."""

    ASK = "ask", _("Ask for")
    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")
    TAKE = "take", _("Download")


class Purpose(Word):
    """Why a list leaves the system."""

    MEETING = "meeting", _("For a meeting")
    REPORT = "report", _("For a report to those above")
    CHECK = "check", _("To check the work of units")
    HANDLING = "handling", _("To handle the matters")
    INSPECTION = "inspection", _("For an inspection or audit")
