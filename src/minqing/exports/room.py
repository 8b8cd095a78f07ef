"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.exports import kinds, notifications
from minqing.exports.checks import exports
from minqing.exports.deeds import DEEDS
from minqing.exports.lifecycle import EXPORT
from minqing.exports.lists import EXPORTS
from minqing.exports.rules import APPROVERS, EXPORTERS
from minqing.exports.slots import on_analyst, on_asks
from minqing.exports.subjects import SUBJECTS
from minqing.org.enums import Goes, Role
from minqing.org.kinds import Placed

ROOM = Room(
    name="exports",
    pages=(Mount("matters/exports/", "minqing.exports.urls"),),
    entries=(Entry(150, "exports:list", _("Exports"), "file-earmark-spreadsheet", EXPORTERS, Group.TOOLS),),
    listeners=(Listener("exports-tell", tuple(sorted(notifications.TELLS)), notifications.notify),),
    notices=notifications.KINDS,
    lists=(EXPORTS,),
    checks=(exports,),
    parts=(
        SlotPart("desk.asks", on_asks, rank=20, roles=APPROVERS),
        SlotPart("desk.leader", on_analyst, rank=16, roles=frozenset({Role.ANALYST})),
    ),
    lifecycles=(Life("Exports of lists 导出", EXPORT),),
    subjects=SUBJECTS,
    gathers={"exports": kinds.KINDS.register},
    placed=(Placed(model="exports.ExportRequest", goes=Goes.STAYS),),
    deeds=DEEDS,
)
