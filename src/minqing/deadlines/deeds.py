"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("deadlines.norm.changed", _("changed a term")),
    Deed("deadlines.norms.loaded", _("loaded the terms of the county"), Doing.UPKEEP),
    Deed("deadlines.ladder.changed", _("changed when what is late is carried up")),
    Deed("deadlines.pause_rule.changed", _("changed a reason for a clock to stand still")),
    Deed("deadlines.norms_import.loaded", _("loaded terms from a table")),
    Deed("deadlines.ladder_import.loaded", _("loaded from a table when what is late is carried up")),
    Deed("deadlines.reasons_import.loaded", _("loaded from a table for what a clock may stand still")),
    Deed("matters.clocks.reckoned", _("reckoned the deadlines of matters anew"), Doing.UPKEEP),
    Deed("matters.clocks.backfilled", _("made the clocks of earlier matters"), Doing.UPKEEP),
)
