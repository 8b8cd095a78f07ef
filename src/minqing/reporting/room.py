"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room, SlotPart
from minqing.reporting.deeds import DEEDS
from minqing.reporting.slots import at_door, home, mine, not_lost
from minqing.reporting.views.slips import HELPERS

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
