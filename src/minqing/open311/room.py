"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Mount, Programs, Room, Scope
from minqing.open311.access import OPEN311, failed_outside

ROOM = Room(
    name="open311",
    pages=(Mount("open311/", "minqing.open311.urls"),),
    scopes=(Scope(OPEN311, _("Speak Open311")),),
    # the standard's rule, and its own form of errors
    programs=(Programs("/open311/", failed=failed_outside, utf_8=True),),
)
