"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Mount, Room, Sample, SlotPart
from minqing.demo.parts import register
from minqing.demo.services import Contents, beside, contents, ensure_demo, sign_ins_table
from minqing.demo.slots import at_sign_in, bar


def is_here() -> bool:
    return contents() in {Contents.DEMO, Contents.PART}


# what the journal's events of this room are called
DEEDS = (
    Deed("demo.county.begun", _("began to load the made-up county"), Doing.UPKEEP),
    Deed("demo.county.loaded", _("loaded the made-up county"), Doing.UPKEEP),
    Deed("demo.replay.made_up", _("let the made-up county go on"), Doing.UPKEEP),
)

ROOM = Room(
    name="demo",
    pages=(Mount("demo/", "minqing.demo.urls"),),
    parts=(SlotPart("web.top", bar), SlotPart("org.sign_in", at_sign_in, rank=10)),
    slots=("demo.tour",),
    sample=Sample(is_here, ensure_demo, sign_ins_table, beside),
    gathers={"demo": register},
    deeds=DEEDS,
)
