"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Listener, Mount, Room, SlotPart
from minqing.households.hooks import closing
from minqing.org.enums import FIELD, Goes
from minqing.org.kinds import Placed
from minqing.points.checks import kept
from minqing.points.deeds import DEEDS
from minqing.points.listeners import household_moved, resident_moved
from minqing.points.printing import VILLAGE_SHEET
from minqing.points.queries.people import points_left
from minqing.points.rules import SHEETS, SUMS
from minqing.points.slots import at_door, on_file
from minqing.points.subjects import SUBJECTS

ROOM = Room(
    name="points",
    pages=(Mount("", "minqing.points.urls"),),
    entries=(
        Entry(91, "points:overview", _("Sums of points"), "coin", SUMS, Group.POINTS),
        Entry(141, "points:sheet", _("Public sheet of points"), "printer", SHEETS, Group.POINTS),
    ),
    sheets=(VILLAGE_SHEET,),
    listeners=(
        Listener("points-follow-households", ("households.household.updated",), household_moved),
        Listener("points-follow-residents", ("households.resident.moved",), resident_moved),
    ),
    checks=(kept,),
    hooks=(closing.calls(points_left),),
    subjects=SUBJECTS,
    placed=(
        Placed(model="points.VillageSheet", goes=Goes.STAYS),
        Placed(model="points.Holder", goes=Goes.HOME, label=_("Accounts of points")),
    ),
    deeds=DEEDS,
    demo="minqing.points.demo.Passbooks",
    slots=("points.own", "points.words", "points.sheet", "points.overview"),
    parts=(
        SlotPart("doorstep.door", at_door, rank=30),
        SlotPart("households.file.side", on_file, rank=25, roles=FIELD),
    ),
    jobs={
        "points.tidy": _("Tidying the accounts of points"),
        "points.close": _("Closing the month of the points"),
    },
)
