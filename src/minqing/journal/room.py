"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Listener, Room
from minqing.journal.checks import events_parked, sealed
from minqing.journal.deeds import DEEDS
from minqing.journal.subscriptions import subscribe


def follow(listener: Listener) -> None:
    subscribe(listener.name, listener.types, listener.heard)


ROOM = Room(
    name="journal",
    checks=(sealed, events_parked),
    gathers={"listeners": follow},
    deeds=DEEDS,
    jobs={
        "journal.seal": _("Sealing the record"),
        "journal.deliver": _("Passing on what has happened"),
        "journal.forget_sends": _("Forgetting which forms were sent long ago"),
    },
)
