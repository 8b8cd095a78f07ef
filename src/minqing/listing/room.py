"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Mount, Room, SlotPart
from minqing.listing import kinds
from minqing.listing.deeds import DEEDS
from minqing.listing.slots import in_navigation
from minqing.listing.subjects import SUBJECTS

ROOM = Room(
    name="listing",
    pages=(Mount("", "minqing.listing.urls"),),
    entries=(Entry(30, "listing:worklist", _("Worklist"), "list-check", kinds.workers),),
    slots=("listing.counts",),
    parts=(SlotPart("notify.bell", in_navigation),),
    subjects=SUBJECTS,
    gathers={"lists": kinds.LISTS.register, "bulks": kinds.BULKS.register},
    deeds=DEEDS,
)
