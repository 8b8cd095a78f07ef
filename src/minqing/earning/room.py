"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room
from minqing.earning.deeds import DEEDS
from minqing.earning.rules import READERS
from minqing.earning.services import load_functions

ROOM = Room(
    name="earning",
    pages=(Mount("", "minqing.earning.urls"),),
    entries=(Entry(98, "earning:functions", _("What people are thanked for"), "hand-thumbs-up", READERS, Group.TOOLS),),
    reference=(load_functions,),
    deeds=DEEDS,
)
