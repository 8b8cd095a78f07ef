"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Beginning, Deed, Doing, Entry, Group, Listener, Mount, Room
from minqing.deadlines import books
from minqing.deadlines.checks import left_standing
from minqing.deadlines.imports import KINDS
from minqing.deadlines.listeners import working_time_changed
from minqing.deadlines.queries.days import set_this_year
from minqing.deadlines.services import load_norms
from minqing.deadlines.urls import year_patterns
from minqing.deadlines.views.terms import OPERATORS

# what the journal's events of this room are called
DEEDS = (
    Deed("deadlines.norm.changed", _("changed a term")),
    Deed("deadlines.norms.loaded", _("loaded the terms of the county"), Doing.UPKEEP),
    Deed("deadlines.ladder.changed", _("changed when what is late is carried up")),
    Deed("deadlines.pause_rule.changed", _("changed a reason for a clock to stand still")),
    Deed("deadlines.norms_import.loaded", _("loaded terms from a table")),
    Deed("deadlines.ladder_import.loaded", _("loaded from a table when what is late is carried up")),
    Deed("deadlines.reasons_import.loaded", _("loaded from a table for what a clock may stand still")),
    Deed("matters.clocks.reckoned", _("reckoned the deadlines of matters anew"), Doing.UPKEEP),
    Deed("matters.clocks.backfilled", _("made the clocks of earlier matters"), Doing.UPKEEP),
)

ROOM = Room(
    name="deadlines",
    pages=(Mount("operator/days/", year_patterns, OPERATORS), Mount("matters/", "minqing.deadlines.urls")),
    entries=(
        Entry(155, "workdays:year", _("Working days"), "calendar3", OPERATORS, Group.ORGANISATION),
        Entry(160, "deadlines:norms", _("Terms"), "stopwatch", OPERATORS, Group.SYSTEM),
        Entry(170, "deadlines:ladder", _("Overdue and waiting"), "arrow-up-circle", OPERATORS, Group.SYSTEM),
    ),
    listeners=(
        Listener(
            "deadlines-reckon",
            ("org.work_day.*", "org.work_days.loaded", "org.unit.updated", "deadlines.norm.changed"),
            working_time_changed,
        ),
    ),
    beginnings=(
        Beginning(
            36,
            _("Days off and working weekends of this year"),
            "",
            set_this_year,
            "workdays:year",
            _("Set by a notice, or by you."),
        ),
    ),
    tables=KINDS,
    checks=(left_standing,),
    reference=(load_norms,),
    gathers={"clocks": books.UPKEEPS.register},
    deeds=DEEDS,
    jobs={
        "deadlines.ladder": _("Reminding of deadlines and carrying up what is overdue"),
        "deadlines.reckon": _("Reckoning deadlines anew after a change of working days"),
    },
)
