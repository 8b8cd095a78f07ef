"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Entry, Group, Life, Mount, Room, SlotPart
from minqing.notify import kinds
from minqing.notify.checks import carriers, messages, templates
from minqing.notify.deeds import DEEDS
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.queries import recipients
from minqing.notify.rules import OPERATOR
from minqing.notify.slots import on_operator
from minqing.notify.subjects import SUBJECTS
from minqing.notify.urls import operator_patterns, patterns

OPERATORS = frozenset({OPERATOR})

ROOM = Room(
    name="notify",
    pages=(Mount("notices/channels/", operator_patterns, OPERATORS), Mount("notices/", patterns)),
    entries=(Entry(210, "channels:list", _("Ways out of the house"), "send", OPERATORS, Group.SYSTEM),),
    slots=("notify.bell",),
    parts=(SlotPart("desk.channels", on_operator, rank=10),),
    checks=(messages, carriers, templates),
    lifecycles=(
        Life(
            "Messages in the outbox 外发消息",
            MESSAGE,
            "The *job* makes every move but two: the operator lets a parked message be tried again, or gives it up.",
        ),
    ),
    subjects=SUBJECTS,
    gathers={"notices": kinds.register, "titles": recipients.register_titles},
    deeds=DEEDS,
    jobs={
        "notify.deliver": _("Sending notices out of the house"),
        "notify.sweep": _("Deleting old notices"),
    },
)
