"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room, SlotPart
from minqing.org.enums import Role
from minqing.oversight import slots
from minqing.oversight.exports import ANALYSTS, FIGURES
from minqing.oversight.views import DECIDERS

ROOM = Room(
    name="oversight",
    pages=(Mount("leader/asks/", "minqing.oversight.urls"),),
    exports=(FIGURES,),
    parts=(
        SlotPart("desk.leader", slots.on_leader, rank=10),
        SlotPart("desk.leader", slots.on_analyst, rank=15, roles=ANALYSTS),
        SlotPart("desk.today", slots.on_village, rank=55, roles=frozenset({Role.VILLAGE_SECRETARY})),
        SlotPart("desk.asks", slots.on_asks, rank=10, roles=DECIDERS),
    ),
)
