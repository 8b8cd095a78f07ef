"""What this room brings to the house."""

from __future__ import annotations

from minqing.core.room import Life, Mount, Room
from minqing.notify import kinds
from minqing.notify.checks import carriers, messages, templates
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.queries import recipients
from minqing.notify.subjects import SUBJECTS
from minqing.notify.urls import patterns

ROOM = Room(
    name="notify",
    pages=(Mount("notices/", patterns),),
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
)
