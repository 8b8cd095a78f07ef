"""The deadlines of matters as they stand on record, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from minqing.core.calendar import WorkCalendar
from minqing.core.worktime import USUAL, Hours, WorkTime
from minqing.matters import clocks, norms
from minqing.matters.clocks import Reckoning, Target
from minqing.matters.enums import ClockKind, PauseReason
from minqing.matters.models import Clock, Extension, Pause
from minqing.matters.queries.dossier import ClockRow, Dossier, ExtensionRow, PauseRow

AnyClock: TypeAlias = Clock | ClockRow


@dataclass(frozen=True)
class OnRecord:
    """What a clock is reckoned from besides itself: models, or the rows of a dossier."""

    pauses: Sequence[Pause | PauseRow] = ()
    extensions: Sequence[Extension | ExtensionRow] = ()


def reckoned(row: AnyClock, record: OnRecord, work: WorkTime, now: datetime) -> Reckoning:
    """What ``row`` comes to, with its reasons; reads nothing."""
    kind = ClockKind(row.kind)
    return clocks.reckon(
        kind=kind,
        start=row.started_at,
        target=Target.parse(row.target),
        work=work,
        pauses=pauses_of(kind, record),
        extensions=[
            clocks.Extension(Target.parse(one.more), one.decided_at or one.asked_at)
            for one in record.extensions
            if one.granted and one.clock_id == row.id
        ],
        stopped_at=row.stopped_at,
        now=now,
    )


def pauses_of(kind: ClockKind, record: OnRecord) -> list[clocks.Pause]:
    """The pauses that hold a clock of this kind."""
    return [
        clocks.Pause(one.started_at, one.ended_at, reason_code=one.reason, planned_end=one.planned_end)
        for one in record.pauses
        if kind in (one.stops or norms.stopped_by(PauseReason(one.reason)))
    ]


def records_of(matters: Iterable[Any]) -> dict[Any, OnRecord]:
    """Pauses and extensions by matter id, in two statements for any number of matters."""
    ids = list(matters)
    pauses, extensions = defaultdict(list), defaultdict(list)
    for pause in Pause.objects.filter(matter__in=ids).order_by("started_at"):
        pauses[pause.matter_id].append(pause)
    for extension in Extension.objects.filter(matter__in=ids, granted=True).order_by("decided_at"):
        extensions[extension.matter_id].append(extension)
    return {key: OnRecord(tuple(pauses[key]), tuple(extensions[key])) for key in ids}


def deadlines_of(dossier: Dossier, calendar: WorkCalendar, now: datetime) -> list[tuple[ClockRow, Reckoning]]:
    """The deadlines of a matter that count, the running ones first, and what each comes to; reads nothing."""
    record = OnRecord(dossier.pauses, dossier.extensions)
    rows = [row for row in dossier.clocks if row.counts]
    return [(row, reckoned(row, record, WorkTime(calendar, hours_of(row)), now)) for row in rows]


def hours_of(row: ClockRow) -> Hours:
    return Hours.parse(row.hours) if row.hours else USUAL
