"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Entry, Group, Mount, Room, SlotPart
from minqing.org.enums import Goes
from minqing.org.hooks import of_person
from minqing.org.kinds import Placed
from minqing.redeeming.imports import KIND
from minqing.redeeming.lists import ITEMS
from minqing.redeeming.queries import holdings
from minqing.redeeming.rules import READERS, SHOPS
from minqing.redeeming.slots import at_points, words
from minqing.redeeming.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("redeeming.item.added", _("added something that there is for points")),
    Deed("redeeming.item.changed", _("changed something that there is for points")),
    Deed("redeeming.shop.opened", _("opened a shop that takes points")),
    Deed("redeeming.shop.changed", _("changed who takes points in a shop")),
    Deed("redeeming.shop.closing", _("said from when a shop takes no points any more")),
    Deed("redeeming.shop.stocked", _("wrote down what came into a shop")),
    Deed("redeeming.code.shown", _("showed a code to redeem points")),
    Deed("redeeming.sale.made", _("took points for something in a shop")),
    Deed("redeeming.history.loaded", _("loaded what was had in shops in the past"), Doing.UPKEEP),
    Deed("redeeming.paper.loaded", _("took in the papers of shops")),
    Deed("redeeming.paper.settled", _("noted why a shop's paper and the ledger differ")),
    Deed("redeeming.sale.returned", _("took something back in a shop")),
)

ROOM = Room(
    name="redeeming",
    hooks=(of_person.calls(holdings.of_person),),
    pages=(Mount("", "minqing.redeeming.urls"),),
    entries=(
        Entry(92, "redeeming:items", _("What there is for points"), "box-seam", READERS, Group.POINTS),
        Entry(93, "redeeming:shops", _("Shops that take points"), "shop", SHOPS, Group.POINTS),
    ),
    lists=(ITEMS,),
    tables=(KIND,),
    placed=(
        Placed(model="redeeming.Item", goes=Goes.ALONG, now=Q(active=True), label=_("Goods for points")),
        Placed(model="redeeming.Shop", goes=Goes.ALONG, now=Q(closed_at=None), label=_("Shops that take points")),
        Placed(model="redeeming.Sale", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    subjects=SUBJECTS,
    demo="minqing.redeeming.demo.Shops",
    parts=(SlotPart("points.own", at_points, rank=10), SlotPart("points.words", words)),
)
