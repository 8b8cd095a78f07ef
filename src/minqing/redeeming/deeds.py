"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed

DEEDS = (
    Deed("redeeming.item.added", _("added something that there is for points")),
    Deed("redeeming.item.changed", _("changed something that there is for points")),
)
