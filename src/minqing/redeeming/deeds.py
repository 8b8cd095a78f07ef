"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

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
    Deed("redeeming.sale.returned", _("took something back in a shop")),
)
