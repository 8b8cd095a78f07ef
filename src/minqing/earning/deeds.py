"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("earning.functions.loaded", _("loaded what people are thanked for"), Doing.UPKEEP),
    Deed("earning.function.changed", _("changed what people are thanked for")),
)
