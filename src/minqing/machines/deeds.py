"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("machines.machine.registered", _("set up the machine {number}")),
    Deed("machines.machine.key_changed", _("gave the machine {number} a new key")),
    Deed("machines.machine.locked", _("locked the machine {number}")),
    Deed("machines.machine.unlocked", _("unlocked the machine {number}")),
    Deed("machines.slot.filled", _("filled a slot of the machine {number}")),
    Deed("machines.slot.low", _("noted that few are left in a slot of a machine"), Doing.UPKEEP),
    Deed("machines.trouble.begun", _("noted that something is wrong with the machine {number}"), Doing.UPKEEP),
    Deed("machines.trouble.ended", _("noted that the machine {number} is well again"), Doing.UPKEEP),
    Deed("machines.vend.reserved", _("chose something at a machine for points")),
    Deed("machines.vend.given", _("told the machine to give something out"), Doing.UPKEEP),
    Deed("machines.vend.called_off", _("gave the points for something at a machine back, it was not given out")),
    Deed("machines.vend.dropped", _("noted that something for points dropped")),
    Deed("machines.vend.failed", _("gave the points for something at a machine back, it did not drop")),
    Deed("machines.vend.lost_sight", _("noted that nobody knows whether something dropped"), Doing.UPKEEP),
    Deed(
        "machines.vend.unheard", _("heard of an exchange at the machine {number} that is not known here"), Doing.UPKEEP
    ),
)
