"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Entry, Mount, Room, SlotPart
from minqing.listing import kinds
from minqing.listing.slots import in_navigation
from minqing.listing.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("listing.filter.saved", _("saved a filter of a list")),
    Deed("listing.filter.dropped", _("deleted a saved filter")),
    Deed("listing.person.erased", _("erased a person in saved filters on request")),
)

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
