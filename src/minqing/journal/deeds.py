"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("journal.exported", _("wrote the record out at the command line"), Doing.OUT),
    Deed("config.backup.made", _("made a backup"), Doing.OUT),
    Deed("config.drill.made", _("tried whether a backup can be restored"), Doing.UPKEEP),
    Deed("config.jobs.settled", _("settled a job that had stopped"), Doing.UPKEEP),
    Deed("config.key.accepted", _("accepted a new key at the command line")),
    Deed("config.key.dropped", _("took former keys away at the command line")),
    Deed("config.key.new", _("made a new key at the command line")),
    Deed("config.key.printed", _("wrote the keys as a paper for the safe")),
    Deed("config.key.rotated", _("wrote what lay under a former key under the new one")),
)
