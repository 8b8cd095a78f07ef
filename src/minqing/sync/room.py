"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Entry, Group, Listener, Mount, Room
from minqing.org.enums import Goes
from minqing.org.kinds import Placed
from minqing.sync import kinds
from minqing.sync.notifications import ABOVE, UNDECIDED, notify_of
from minqing.sync.rules import READERS
from minqing.sync.services.reminders import RAISED, REMINDED
from minqing.sync.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("sync.device.registered", _("made a phone their own for diaries without a signal")),
    Deed("sync.device.unlocked", _("got the key again that opens what a phone holds")),
    Deed("sync.device.revoked", _("closed a phone on which diaries are kept")),
    Deed("sync.letters.kept", _("handed in diaries sealed, to be decided about")),
    Deed("sync.letters.viewed", _("opened diaries that were handed in sealed"), Doing.LOOK),
    Deed("sync.letters.decided", _("decided about diaries that were handed in sealed")),
    Deed("sync.letters.emptied", _("emptied sealed diaries that could not be taken, with somebody who was erased")),
    Deed("sync.letters.reminded", _("reminded of sealed diaries about which nobody has decided"), Doing.UPKEEP),
    Deed("sync.letters.raised", _("told those above of sealed diaries about which nobody has decided"), Doing.UPKEEP),
    Deed("sync.photo.refused", _("sent a photo that could not be taken")),
    Deed("sync.photo.lost", _("told that a photo is not on the phone any more")),
    Deed("sync.photo.given_up", _("waited no longer for a photo that had not come for two months")),
)

ROOM = Room(
    name="sync",
    pages=(Mount("sync/", "minqing.sync.urls"),),
    entries=(Entry(156, "sync:devices", _("Phones with diaries"), "phone", READERS, Group.TOOLS),),
    subjects=SUBJECTS,
    placed=(Placed(model="sync.Photo", goes=Goes.STAYS), Placed(model="sync.Letter", goes=Goes.STAYS)),
    deeds=DEEDS,
    listeners=(Listener("sync-tell", (REMINDED, RAISED), notify_of),),
    notices=(UNDECIDED, ABOVE),
    jobs={
        "sync.pieces": _("Dropping pieces of photos that never became whole, and giving up old ones"),
        "sync.letters": _("Reminding of sealed diaries about which nobody has decided"),
    },
    gathers={"operations": kinds.OPERATIONS.register, "feeds": kinds.FEEDS.register},
)
