"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Beginning, Deed, Doing, Entry, Group, Mount, Room, SlotPart
from minqing.desk.gauges import gauges
from minqing.desk.kinds import BEGINNINGS
from minqing.desk.queries import backed_up, reachable
from minqing.desk.views.today import WAITING, contact
from minqing.desk.views.waiting import waiting
from minqing.org.enums import OVERSIGHT, Role

OPERATOR = frozenset({Role.OPERATOR})
# what the journal's events of this room are called
DEEDS = (Deed("desk.health.changed", _("found that something works again, or no more"), Doing.UPKEEP),)

ROOM = Room(
    name="desk",
    pages=(Mount("", "minqing.desk.urls"),),
    entries=(
        Entry(10, "desk:today", _("Today"), "house-door", frozenset(Role) - OVERSIGHT - OPERATOR),
        Entry(5, "desk:operator", _("How it runs"), "activity", OPERATOR),
        Entry(990, "desk:setup", _("Setting up"), "list-check", OPERATOR, Group.SYSTEM),
        Entry(20, "desk:leader", _("At a glance"), "speedometer2", OVERSIGHT),
    ),
    slots=(
        "desk.today",
        "desk.rail",
        "desk.find",
        "desk.waiting",
        "desk.asks",
        "desk.leader",
        "desk.channels",
        "desk.operator",
    ),
    parts=(SlotPart("desk.today", waiting, rank=20), SlotPart("desk.rail", contact, rank=50, roles=WAITING)),
    beginnings=(
        Beginning(
            5,
            _("Address that people reach"),
            "",
            reachable,
            how=_("Whoever installs it runs: minqing init --origin https://…"),
        ),
        Beginning(
            70,
            _("Backup"),
            "",
            backed_up,
            how=_("Whoever installs it runs minqing keys backup FILE and sets MINQING_BACKUP_KEY and _FOLDER"),
        ),
    ),
    gathers={"beginnings": BEGINNINGS.register},
    deeds=DEEDS,
    gauges=gauges,
    jobs={
        "desk.look": _("Looking everything over"),
    },
)
