"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Entry, Group, Mount, Room, SlotPart
from minqing.reporting.slots import at_door, home, mine, not_lost
from minqing.reporting.views.slips import HELPERS

# what the journal's events of this room are called
DEEDS = (Deed("doorstep.slip.opened", _("opened {what} by its paper slip"), Doing.LOOK),)

ROOM = Room(
    name="reporting",
    pages=(Mount("", "minqing.reporting.urls"),),
    entries=(Entry(120, "reporting:slip", _("Help with a slip"), "qr-code", HELPERS, Group.TOOLS),),
    parts=(
        SlotPart("doorstep.before", mine),
        SlotPart("doorstep.door", at_door, rank=10),
        SlotPart("doorstep.home", home),
        SlotPart("doorstep.unknown", not_lost),
    ),
    demo="minqing.reporting.demo.Tickets",
    deeds=DEEDS,
)
