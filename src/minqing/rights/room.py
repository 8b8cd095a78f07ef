"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.org.enums import Goes, Role
from minqing.org.kinds import Placed
from minqing.rights.checks import requests_late
from minqing.rights.deeds import DEEDS
from minqing.rights.exports import REQUESTS
from minqing.rights.lifecycle import REQUEST
from minqing.rights.listeners import household_moved
from minqing.rights.lists import REQUESTS as LIST
from minqing.rights.notifications import KINDS, TELLS, notify_of
from minqing.rights.printing import COPY, LETTER
from minqing.rights.queries import NUMBERED
from minqing.rights.rules import SEES
from minqing.rights.services import UPKEEP
from minqing.rights.slots import at_door, on_file, on_rail
from minqing.rights.subjects import SUBJECTS

ROOM = Room(
    name="rights",
    pages=(Mount("", "minqing.rights.urls"),),
    entries=(Entry(142, "rights:list", _("Requests about own data"), "shield-lock", SEES, Group.RECORDS),),
    listeners=(
        Listener("rights-follow-households", ("households.household.updated",), household_moved),
        Listener("rights-tell", tuple(TELLS), notify_of),
    ),
    notices=KINDS,
    exports=(REQUESTS,),
    lists=(LIST,),
    sheets=(LETTER, COPY),
    checks=(requests_late,),
    clocks=(UPKEEP,),
    lifecycles=(
        Life(
            "Requests about own data 个人信息权利请求",
            REQUEST,
            "Of a copy, a deletion, an objection and a consent taken back somebody else decides than who checked the "
            "identity.",
        ),
    ),
    subjects=SUBJECTS,
    demo="minqing.rights.demo.Requests",
    titles=NUMBERED.titles,
    parts=(
        SlotPart("doorstep.door", at_door, rank=40),
        SlotPart("desk.rail", on_rail, rank=30, roles=frozenset({Role.VILLAGE_SECRETARY})),
        SlotPart("households.file.side", on_file, rank=30),
    ),
    placed=(Placed(model="rights.Request", goes=Goes.STAYS),),
    deeds=DEEDS,
    records=(NUMBERED.record(_("request {name}")),),
)
