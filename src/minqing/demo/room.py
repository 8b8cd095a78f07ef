"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Mount, Room, Sample, SlotPart
from minqing.demo.deeds import DEEDS
from minqing.demo.parts import register
from minqing.demo.services import Contents, beside, contents, ensure_demo, sign_ins_table
from minqing.demo.slots import at_sign_in, bar


def is_here() -> bool:
    return contents() in {Contents.DEMO, Contents.PART}


ROOM = Room(
    name="demo",
    pages=(Mount("demo/", "minqing.demo.urls"),),
    parts=(SlotPart("web.top", bar), SlotPart("org.sign_in", at_sign_in, rank=10)),
    slots=("demo.tour",),
    sample=Sample(is_here, ensure_demo, sign_ins_table, beside),
    gathers={"demo": register},
    deeds=DEEDS,
)
