"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("audit.record.viewed", _("read the record of {what}"), Doing.LOOK),
    Deed("audit.seals.asked", _("asked to check the seals of {day}")),
    Deed("audit.seals.checked", _("checked the seals of {day}"), Doing.UPKEEP),
)
