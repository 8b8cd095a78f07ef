"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room
from minqing.redeeming.deeds import DEEDS
from minqing.redeeming.lists import ITEMS
from minqing.redeeming.rules import READERS

ROOM = Room(
    name="redeeming",
    pages=(Mount("", "minqing.redeeming.urls"),),
    entries=(Entry(92, "redeeming:items", _("What there is for points"), "box-seam", READERS, Group.RECORDS),),
    lists=(ITEMS,),
    deeds=DEEDS,
)
