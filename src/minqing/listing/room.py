"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Mount, Room
from minqing.listing import kinds
from minqing.listing.deeds import DEEDS
from minqing.listing.subjects import SUBJECTS

ROOM = Room(
    name="listing",
    pages=(Mount("", "minqing.listing.urls"),),
    entries=(Entry(30, "listing:worklist", _("Worklist"), "list-check", kinds.workers),),
    subjects=SUBJECTS,
    gathers={"lists": kinds.LISTS.register, "bulks": kinds.BULKS.register},
    deeds=DEEDS,
)
