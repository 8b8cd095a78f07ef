"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing, Entry, Group, Life, Mount, Room, TableIntake
from minqing.intake import kinds
from minqing.intake.lifecycle import RUN
from minqing.intake.services.workbooks import write_empty
from minqing.intake.subjects import SUBJECTS
from minqing.intake.urls import patterns

# this room lies below the organisation and knows roles by their words alone
BRINGERS = frozenset({"clerk", "operator"})

# what the journal's events of this room are called
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

ROOM = Room(
    name="intake",
    pages=(Mount("imports/", patterns, BRINGERS),),
    entries=(Entry(130, "intake:list", _("Import tables"), "file-earmark-arrow-up", BRINGERS, Group.TOOLS),),
    lifecycles=(Life("Tables that are brought 表格导入", RUN),),
    subjects=SUBJECTS,
    takes_tables=TableIntake("intake:list", write_empty),
    gathers={"tables": kinds.KINDS.register},
    deeds=DEEDS,
    jobs={
        "intake.check": _("Checking a table"),
        "intake.load": _("Loading a table"),
        "intake.forget": _("Deleting tables that were handed in long ago"),
        "intake.abandoned": _("Ending tables that broke off"),
    },
)
