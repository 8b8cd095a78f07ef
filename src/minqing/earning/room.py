"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.earning.deeds import DEEDS
from minqing.earning.imports.balances import KIND as BALANCES
from minqing.earning.imports.budgets import KIND as BUDGETS
from minqing.earning.lifecycle import CLAIM
from minqing.earning.listeners import household_moved, matter_confirmed, matter_opened_again
from minqing.earning.lists import CLAIMS
from minqing.earning.notifications import APPEALS, KINDS, TELLS, notify_of, tell_of_appeal
from minqing.earning.queries import NUMBERED
from minqing.earning.rules import CLERKS, READERS
from minqing.earning.services import load_functions
from minqing.earning.services.appeals import UPKEEP
from minqing.earning.slots import at_door, on_file, on_overview, on_sheet, to_look_at, words
from minqing.earning.subjects import SUBJECTS
from minqing.org.enums import FIELD, Goes
from minqing.org.kinds import Placed

ROOM = Room(
    name="earning",
    pages=(Mount("", "minqing.earning.urls"),),
    entries=(
        Entry(96, "earning:list", _("Claims for points"), "hand-thumbs-up", FIELD, Group.POINTS),
        Entry(99, "earning:functions", _("What people are thanked for"), "list-ul", READERS, Group.POINTS),
    ),
    listeners=(
        Listener("earning-thank", ("matters.matter.confirmed",), matter_confirmed),
        Listener("earning-follow-households", ("households.household.updated",), household_moved),
        Listener("earning-doubt", ("matters.matter.reopened",), matter_opened_again),
        Listener("earning-tell", tuple(TELLS), notify_of),
        Listener("earning-appeals", tuple(APPEALS), tell_of_appeal),
    ),
    notices=KINDS,
    tables=(BALANCES, BUDGETS),
    lists=(CLAIMS,),
    jobs={
        "earning.draw": _("Drawing by lot what somebody looks at of points given by themselves"),
        "earning.budgets": _("Putting points of a new period into budgets"),
    },
    clocks=(UPKEEP,),
    lifecycles=(
        Life(
            "Claims for points 香榧币申报",
            CLAIM,
            "From 50 points on two people confirm, neither of whom took it in. Who does not agree with a refusal "
            "says so once within 30 days, and somebody else looks again until a promised day. What is a mistake is "
            "taken back by the clerk, with a reason that the person reads.",
        ),
    ),
    titles=NUMBERED.titles,
    subjects=SUBJECTS,
    reference=(load_functions,),
    demo="minqing.earning.demo.Claims",
    parts=(
        SlotPart("doorstep.door", at_door, rank=30),
        SlotPart("households.file.side", on_file, rank=40),
        SlotPart("points.words", words),
        SlotPart("points.sheet", on_sheet, rank=10),
        SlotPart("points.overview", on_overview, rank=10),
        SlotPart("points.overview", to_look_at, rank=20, roles=CLERKS),
    ),
    placed=(
        Placed(model="earning.Claim", goes=Goes.STAYS),
        Placed(model="earning.Award", goes=Goes.STAYS),
    ),
    deeds=DEEDS,
    records=(NUMBERED.record(_("claim {name}")),),
)
