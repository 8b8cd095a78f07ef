"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Beginning, Entry, Group, Listener, Mount, Room
from minqing.deadlines import books
from minqing.deadlines.checks import left_standing
from minqing.deadlines.deeds import DEEDS
from minqing.deadlines.imports import KINDS
from minqing.deadlines.listeners import working_time_changed
from minqing.deadlines.queries.days import set_this_year
from minqing.deadlines.services import load_norms
from minqing.deadlines.urls import year_patterns
from minqing.deadlines.views.terms import OPERATORS

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
            _("Working days of this year"),
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
