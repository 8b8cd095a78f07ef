"""The clocks of matters: which there are, whose they are, and what those of one matter come to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from minqing.deadlines import Reckoning
from minqing.deadlines.books import Book
from minqing.deadlines.queries import Records, clocks_told
from minqing.matters.enums import OWN_CLOCKS, ClockKind, Mechanism, PauseReason, State
from minqing.matters.models import Clock, Extension, Matter, Pause
from minqing.matters.models.naming import word_of
from minqing.matters.queries.dossier import ClockRow, Dossier
from minqing.worktime.calendar import WorkCalendar

# in which matters are locked, where a service needs several: see ``steps.begin``
IN_ORDER: Final = (ExpressionWrapper(Q(state=State.MERGED.value), output_field=BooleanField()), "pk")


def unit_of(matter: Matter, kind: str) -> Any:
    """Whose hours count. A matter that waits at the clerk's is in nobody's, also where the unit that sent it back stays
    written on it.
    """
    return None if kind == ClockKind.ASSIGN else matter.lead_unit


def stands(matter: Matter) -> bool:
    return matter.state == State.SUSPENDED


CLOCKS: Final = Book[Clock](
    room="matters",
    of="matter",
    clock=Clock,
    pause=Pause,
    extension=Extension,
    own=OWN_CLOCKS,
    waiting=frozenset({ClockKind.ASSIGN}),
    anew=frozenset({ClockKind.LEGAL}),
    unit_of=unit_of,
    stands=stands,
    order=IN_ORDER,
    reference="minqing.matters",
    label=_("Matters"),
    kinds=ClockKind,
    ways=Mechanism,
    reasons=PauseReason,
    word=word_of,
    # what a law allows runs on, save while the reporter has to supply something
    lasting={PauseReason.SEASON: (ClockKind.LEGAL,)},
)


def deadlines_of(dossier: Dossier, calendar: WorkCalendar, now: datetime) -> list[tuple[ClockRow, Reckoning]]:
    """The deadlines of a matter that count, the running ones first, and what each comes to; reads nothing."""
    return clocks_told(CLOCKS, dossier.clocks, Records(dossier.pauses, dossier.extensions), calendar, now)
