"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Entry, Group, Listener, Mount, Room, SlotPart
from minqing.households.hooks import closing
from minqing.org.enums import FIELD, Goes
from minqing.org.kinds import Placed
from minqing.points.checks import kept
from minqing.points.listeners import household_moved, resident_moved
from minqing.points.printing import VILLAGE_SHEET
from minqing.points.queries.people import points_left
from minqing.points.rules import SHEETS, SUMS
from minqing.points.slots import at_door, on_file
from minqing.points.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("points.account.opened", _("opened an account of points")),
    Deed("points.account.closed", _("closed an account of points")),
    Deed("points.month.closed", _("closed a month of the ledger of points"), Doing.UPKEEP),
    Deed("points.household.followed", _("let the points of a household move with it"), Doing.UPKEEP),
    Deed("points.account.looked_at", _("looked at an account of points"), Doing.LOOK),
    Deed("points.passbook.printed", _("printed a household's passbook of points"), Doing.OUT),
    Deed("points.naming.chosen", _("chose how a village calls people on its sheet of points")),
    Deed("points.wish.said", _("wrote down what somebody wishes about the village's sheet of points")),
    Deed("points.sheet.printed", _("printed a village's sheet of points"), Doing.OUT),
    Deed("points.person.erased", _("erased a person in accounts of points on request")),
)

ROOM = Room(
    name="points",
    pages=(Mount("", "minqing.points.urls"),),
    entries=(
        Entry(91, "points:overview", _("Sums of points"), "gift", SUMS, Group.POINTS),
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
        Placed(model="points.Stay", goes=Goes.STAYS),
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
