"""What this room brings to the house."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.hazards.checks import hazards_late
from minqing.hazards.deeds import DEEDS
from minqing.hazards.exports import HAZARDS as TABLE
from minqing.hazards.kinds import NAMES
from minqing.hazards.lifecycle import HAZARD
from minqing.hazards.listeners import household_moved, matter_moved
from minqing.hazards.lists import HAZARDS
from minqing.hazards.notifications import KINDS, TELLS, notify_of
from minqing.hazards.operations import CHECKLISTS
from minqing.hazards.queries import NUMBERED, OPEN
from minqing.hazards.rules import OPERATORS, SEES
from minqing.hazards.services import UPKEEP, load_checklists
from minqing.hazards.slots import on_file, on_leader, on_rail
from minqing.hazards.subjects import SUBJECTS
from minqing.org.enums import Goes, Role
from minqing.org.kinds import Placed

ENDS = (
    "matters.matter.confirmed", "matters.matter.declined", "matters.matter.withdrawn", "matters.matter.reopened",
    "matters.matter.appealed",
)  # fmt: skip
ROOM = Room(
    name="hazards",
    pages=(Mount("", "minqing.hazards.urls"),),
    entries=(
        Entry(83, "hazards:list", _("Hazards"), "exclamation-triangle", SEES, Group.RECORDS),
        Entry(172, "hazards:checklists", _("Checklists of hazards"), "list-check", OPERATORS, Group.TOOLS),
    ),
    listeners=(
        Listener("hazards-follow-matters", ENDS, matter_moved),
        Listener("hazards-follow-households", ("households.household.updated",), household_moved),
        Listener("hazards-tell", tuple(TELLS), notify_of),
    ),
    notices=KINDS,
    vocabularies=NAMES,
    titles=NUMBERED.titles,
    exports=(TABLE,),
    lists=(HAZARDS,),
    checks=(hazards_late,),
    clocks=(UPKEEP,),
    lifecycles=(
        Life(
            "Hazards 隐患",
            HAZARD,
            "The village finds it, the township's clerk confirms and closes it. Whoever put it right never closes it. "
            "One that is raised ends with its matter.",
        ),
    ),
    subjects=SUBJECTS,
    feeds=(CHECKLISTS,),
    demo="minqing.hazards.demo.Hazards",
    reference=(load_checklists,),
    parts=(
        SlotPart("desk.rail", on_rail, rank=25, roles=frozenset({Role.VILLAGE_SECRETARY})),
        SlotPart("desk.leader", on_leader, rank=22),
        SlotPart("households.file.side", on_file, rank=27),
    ),
    placed=(
        Placed(
            model="hazards.Hazard", goes=Goes.ALONG, now=Q(state__in=OPEN), label=_("Hazards that are not closed yet")
        ),
    ),
    deeds=DEEDS,
    records=(NUMBERED.record(_("hazard {name}")),),
)
