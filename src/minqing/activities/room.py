"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.activities.deeds import DEEDS
from minqing.activities.lifecycle import ACTIVITY, SIGN_UP
from minqing.activities.listeners import resident_moved
from minqing.activities.lists import ACTIVITIES
from minqing.activities.notifications import KINDS, tell_of_cancelled, tell_of_place
from minqing.activities.queries.activities import NUMBERED
from minqing.activities.rules import READERS
from minqing.activities.slots import at_door, at_points, on_sheet
from minqing.activities.subjects import SUBJECTS
from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.org.enums import Goes
from minqing.org.kinds import Placed

ROOM = Room(
    name="activities",
    pages=(Mount("", "minqing.activities.urls"),),
    entries=(Entry(95, "activities:list", _("Activities"), "calendar", READERS, Group.POINTS),),
    listeners=(
        Listener("activities-cancelled", ("activities.activity.cancelled",), tell_of_cancelled),
        Listener("activities-place", ("activities.sign_up.moved_up",), tell_of_place),
        Listener("activities-follow-residents", ("households.resident.moved",), resident_moved),
    ),
    notices=KINDS,
    lists=(ACTIVITIES,),
    lifecycles=(
        Life(
            "Activities 活动",
            ACTIVITY,
            "From 50 points in all on a second person looks at the list before the points are given, one who neither "
            "wrote the activity nor confirmed the list first.",
        ),
        Life("Sign-ups 报名", SIGN_UP, "Who waits longest moves up when somebody with a place withdraws."),
    ),
    titles=NUMBERED.titles,
    subjects=SUBJECTS,
    placed=(
        Placed(model="activities.Activity", goes=Goes.STAYS),
        Placed(model="activities.SignUp", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    demo="minqing.activities.demo.Activities",
    parts=(
        SlotPart("doorstep.door", at_door, rank=35),
        SlotPart("points.own", at_points, rank=20),
        SlotPart("points.sheet", on_sheet, rank=20),
    ),
)
