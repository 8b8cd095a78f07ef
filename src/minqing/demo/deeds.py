"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("demo.county.begun", _("began to load the made-up county"), Doing.UPKEEP),
    Deed("demo.county.loaded", _("loaded the made-up county"), Doing.UPKEEP),
    Deed("demo.replay.made_up", _("let the made-up county go on"), Doing.UPKEEP),
)
