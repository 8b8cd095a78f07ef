"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("hazards.hazard.found", _("reported the hazard {number}")),
    Deed("hazards.hazard.fixed", _("put right the hazard {number} on the spot")),
    Deed("hazards.hazard.confirmed", _("confirmed the hazard {number}")),
    Deed("hazards.hazard.dismissed", _("found that {number} is no hazard")),
    Deed("hazards.hazard.put_right", _("told that the hazard {number} is put right")),
    Deed("hazards.hazard.closed", _("looked at the hazard {number} and closed it")),
    Deed("hazards.hazard.sent_back", _("sent back the hazard {number}, not put right yet")),
    Deed("hazards.hazard.raised", _("raised the hazard {number} as a matter")),
    Deed("hazards.hazard.withdrawn", _("withdrew the hazard {number} as a mistake")),
    Deed("hazards.hazard.more_asked", _("asked for more time for the hazard {number}")),
    Deed("hazards.hazard.more_granted", _("granted more time for the hazard {number}")),
    Deed("hazards.hazard.more_refused", _("refused more time for the hazard {number}")),
    Deed("hazards.hazard.nearing", _("reminded of the hazard {number}, which is nearly due"), Doing.UPKEEP),
    Deed("hazards.hazard.settled", _("closed the hazard {number} with its matter"), Doing.UPKEEP),
    Deed("hazards.hazard.returned", _("took the hazard {number} back from its matter"), Doing.UPKEEP),
    Deed("hazards.hazard.reopened", _("opened the hazard {number} again with its matter"), Doing.UPKEEP),
    Deed("hazards.hazard.reckoned", _("reckoned the deadline of the hazard {number} anew"), Doing.UPKEEP),
    Deed("hazards.hazard.escalated", _("carried up the late hazard {number}"), Doing.UPKEEP),
    Deed("hazards.picture.added", _("added a photo to the hazard {number}")),
    Deed("hazards.hazard.looked_at", _("looked at the hazard {number}"), Doing.LOOK),
    Deed("hazards.clocks.reckoned", _("reckoned the deadlines of hazards anew"), Doing.UPKEEP),
    Deed("hazards.household.followed", _("took hazards along with a household that moved"), Doing.UPKEEP),
    Deed("hazards.person.erased", _("erased a person from hazards on request")),
    Deed("hazards.checklist.changed", _("changed a checklist of hazards")),
    Deed("hazards.checklists.loaded", _("loaded the checklists of hazards"), Doing.UPKEEP),
)
