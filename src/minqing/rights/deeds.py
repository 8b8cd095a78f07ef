"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("rights.request.asked", _("handed in the request {number} about own data")),
    Deed("rights.request.checked", _("checked the identity for the request {number}")),
    Deed("rights.request.rejected", _("rejected the identity of the request {number}")),
    Deed("rights.request.granted", _("granted the request {number}")),
    Deed("rights.request.refused", _("refused the request {number}")),
    Deed("rights.request.carried_out", _("carried out the request {number}")),
    Deed("rights.request.answered", _("answered the request {number}")),
    Deed("rights.request.taken_back", _("noted that the request {number} was taken back")),
    Deed("rights.request.lapsed", _("ended the request {number}, nobody showed it to be theirs"), Doing.UPKEEP),
    Deed("rights.request.reckoned", _("reckoned the term of the request {number} anew"), Doing.UPKEEP),
    Deed("rights.request.escalated", _("carried up the late request {number}"), Doing.UPKEEP),
    Deed("rights.request.nearing", _("reminded of the request {number}"), Doing.UPKEEP),
    Deed("rights.request.looked_at", _("looked at the request {number} about own data"), Doing.LOOK),
    Deed("rights.clocks.reckoned", _("reckoned the deadlines of requests anew"), Doing.UPKEEP),
    Deed("rights.letter.printed", _("printed the letter of answer of the request {number}"), Doing.OUT),
    Deed("rights.copy.taken", _("took the copy of a person's data for the request {number}"), Doing.OUT),
    Deed("rights.household.followed", _("took requests along with a household that moved"), Doing.UPKEEP),
    Deed("rights.person.erased", _("erased a person's requests on request")),
)
