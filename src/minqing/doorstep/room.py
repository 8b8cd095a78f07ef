"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Mount, Room

ROOM = Room(
    name="doorstep",
    pages=(Mount("", "minqing.doorstep.urls"),),
    slots=("doorstep.before", "doorstep.door", "doorstep.foot", "doorstep.home", "doorstep.unknown"),
    demo="minqing.doorstep.demo.Doors",
    jobs={
        "minqing.doorstep.tasks.sweep": _("Forgetting how often somebody asked"),
    },
)
