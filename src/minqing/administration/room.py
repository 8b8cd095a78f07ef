"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.administration.lists import PASSWORDS, PEOPLE, UNITS
from minqing.administration.rules import OPERATORS
from minqing.administration.slots import on_operator
from minqing.core.room import Beginning, Deed, Doing, Entry, Group, Mount, Room, SlotPart
from minqing.org.queries import signed_in_count

# what the journal's events of this room are called
DEEDS = (Deed("org.table.taken", _("took a table of the organisation out"), Doing.OUT),)

ROOM = Room(
    name="administration",
    pages=(Mount("operator/", "minqing.administration.urls"),),
    entries=(
        Entry(101, "administration:areas", _("Areas"), "diagram-3", OPERATORS, Group.ORGANISATION),
        Entry(102, "administration:units", _("Units"), "building", OPERATORS, Group.ORGANISATION),
        Entry(103, "administration:people", _("People and posts"), "people", OPERATORS, Group.ORGANISATION),
    ),
    lists=(UNITS, PEOPLE),
    bulks=(PASSWORDS,),
    parts=(SlotPart("desk.operator", on_operator, rank=10, roles=OPERATORS),),
    beginnings=(
        Beginning(
            35,
            _("People who have signed in"),
            "",
            signed_in_count,
            "administration:people",
            _("Give start passwords: tick the people, print the sheet, cut it apart."),
        ),
    ),
    deeds=DEEDS,
)
