"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("intake.run.received", _("handed a table in")),
    Deed("intake.run.sheet_taken", _("chose the sheet of a table")),
    Deed("intake.run.laid_out", _("said which column of a table is which")),
    Deed("intake.run.checked", _("had a table checked")),
    Deed("intake.run.asked", _("asked for a table to be loaded")),
    Deed("intake.run.stopped", _("stopped loading a table")),
    Deed("intake.run.loaded", _("loaded a table")),
    Deed("intake.files.forgotten", _("deleted the files of old tables"), Doing.UPKEEP),
    Deed("intake.person.erased", _("erased a person in tables on request")),
)
