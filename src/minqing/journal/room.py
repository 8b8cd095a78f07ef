"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Listener, Room
from minqing.journal.checks import events_parked, sealed
from minqing.journal.subscriptions import subscribe


def follow(listener: Listener) -> None:
    subscribe(listener.name, listener.types, listener.heard)


# what the journal's events of this room are called
DEEDS = (
    Deed("journal.exported", _("wrote the record out at the command line"), Doing.OUT),
    Deed("config.backup.made", _("made a backup"), Doing.OUT),
    Deed("config.clock.leapt", _("the machine's clock leapt ahead"), Doing.UPKEEP),
    Deed("config.clock.set_back", _("the machine's clock was set back"), Doing.UPKEEP),
    Deed("config.clock.believed", _("the clock's new time is gone by, as nobody has contradicted it"), Doing.UPKEEP),
    Deed("config.clock.settled", _("said that the machine's clock is right"), Doing.UPKEEP),
    Deed("config.drill.made", _("tried whether a backup can be restored"), Doing.UPKEEP),
    Deed("config.jobs.settled", _("settled a job that had stopped"), Doing.UPKEEP),
    Deed("config.key.accepted", _("accepted a new key at the command line")),
    Deed("config.key.dropped", _("took former keys away at the command line")),
    Deed("config.key.new", _("made a new key at the command line")),
    Deed("config.key.printed", _("wrote the keys as a paper for the safe")),
    Deed("config.key.rotated", _("wrote what lay under a former key under the new one")),
)

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
