"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Listener, Mount, Programs, Room, SlotPart
from minqing.machines.checks import hints, to_decide
from minqing.machines.deeds import DEEDS
from minqing.machines.lifecycle import VEND
from minqing.machines.listeners import HINTS, hint_of
from minqing.machines.notifications import LOW, notify_of
from minqing.machines.queries import had_this_month
from minqing.machines.rules import READERS
from minqing.machines.slots import on_tour
from minqing.machines.subjects import SUBJECTS
from minqing.org.enums import Goes
from minqing.org.kinds import Placed
from minqing.redeeming.hooks import had_elsewhere

ROOM = Room(
    name="machines",
    pages=(Mount("", "minqing.machines.urls"),),
    entries=(Entry(94, "machines:list", _("Exchange machines"), "box-seam", READERS, Group.POINTS),),
    listeners=(
        Listener("machines-tell", ("machines.slot.low",), notify_of),
        Listener("machines-hint", HINTS, hint_of),
    ),
    notices=(LOW,),
    hooks=(had_elsewhere.calls(had_this_month),),
    programs=(Programs("/machine/turn"),),
    checks=(to_decide, hints),
    lifecycles=(
        Life(
            "Exchanges at a machine 兑换机",
            VEND,
            "Points held for it are free again by themselves only until the machine was told; after that the machine's "
            "journal or a person decides. What dropped after the points were given back is carried as a loss.",
        ),
    ),
    demo="minqing.machines.demo.Machines",
    parts=(SlotPart("demo.tour", on_tour),),
    placed=(Placed(model="machines.Machine", goes=Goes.ALONG, label=_("Exchange machines")),),
    deeds=DEEDS,
    subjects=SUBJECTS,
    jobs={
        "machines.sweep": _("Ending exchanges at machines that are over"),
        "machines.hint": _("Telling exchange machines to ask at once"),
    },
)
