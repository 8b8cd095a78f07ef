"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Room, Sample
from minqing.demo.deeds import DEEDS
from minqing.demo.parts import register
from minqing.demo.services import Contents, contents, ensure_demo, sign_ins_table


def is_here() -> bool:
    return contents() in {Contents.DEMO, Contents.PART}


ROOM = Room(name="demo", sample=Sample(is_here, ensure_demo, sign_ins_table), gathers={"demo": register}, deeds=DEEDS)
