"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Part, Room
from minqing.redeeming.deeds import DEEDS
from minqing.redeeming.lists import ITEMS
from minqing.redeeming.rules import READERS, SHOPS
from minqing.redeeming.slots import at_points, words

ROOM = Room(
    name="redeeming",
    pages=(Mount("", "minqing.redeeming.urls"),),
    entries=(
        Entry(92, "redeeming:items", _("What there is for points"), "box-seam", READERS, Group.POINTS),
        Entry(93, "redeeming:shops", _("Shops that take points"), "shop", SHOPS, Group.POINTS),
    ),
    lists=(ITEMS,),
    deeds=DEEDS,
    demo="minqing.redeeming.demo.Shops",
    parts=(Part("points.own", at_points, rank=10), Part("points.words", words)),
)
