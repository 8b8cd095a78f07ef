"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Mount, Room
from minqing.org.enums import DESK, FIELD, Role

ROOM = Room(
    name="doorstep",
    pages=(Mount("", "minqing.doorstep.urls"),),
    entries=(Entry(120, "doorstep:slip", _("Help with a slip"), "qr-code", FIELD | DESK | {Role.VOLUNTEER}),),
)
