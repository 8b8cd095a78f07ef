"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Mount, Room
from minqing.org.enums import Goes
from minqing.org.kinds import Placed
from minqing.sync import kinds
from minqing.sync.deeds import DEEDS
from minqing.sync.rules import READERS
from minqing.sync.subjects import SUBJECTS

ROOM = Room(
    name="sync",
    pages=(Mount("sync/", "minqing.sync.urls"),),
    entries=(Entry(156, "sync:devices", _("Phones with diaries"), "phone", READERS, Group.TOOLS),),
    subjects=SUBJECTS,
    placed=(Placed(model="sync.Photo", goes=Goes.STAYS), Placed(model="sync.Letter", goes=Goes.STAYS)),
    deeds=DEEDS,
    jobs={"sync.pieces": _("Dropping pieces of photos that never became whole, and giving up old ones")},
    gathers={"operations": kinds.OPERATIONS.register, "feeds": kinds.FEEDS.register},
)
