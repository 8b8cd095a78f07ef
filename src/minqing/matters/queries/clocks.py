"""The deadlines of matters as they stand on record, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from minqing import deadlines
from minqing.deadlines import Reckoning, Target
from minqing.matters import norms
from minqing.matters.enums import ClockKind, PauseReason
from minqing.matters.models import Clock, Extension, Pause
from minqing.matters.queries.dossier import ClockRow, Dossier, ExtensionRow, PauseRow
from minqing.worktime.calendar import WorkCalendar
from minqing.worktime.hours import USUAL, Hours, WorkTime
from minqing.worktime.relay import Relay

AnyClock: TypeAlias = Clock | ClockRow


@dataclass(frozen=True)
class OnRecord:
    """What a clock is reckoned from besides itself: models, or the rows of a dossier."""

    pauses: Sequence[Pause | PauseRow] = ()
    extensions: Sequence[Extension | ExtensionRow] = ()


def reckoned(row: AnyClock, record: OnRecord, work: WorkTime, now: datetime, *, anew: bool = False) -> Reckoning:
    """What ``row`` comes to, with its reasons, in ``work`` of the unit that has it now; reads nothing."""
    kind = ClockKind(row.kind)
    return deadlines.reckon(
        kind=kind,
        start=row.started_at,
        target=Target.parse(row.target),
        work=handed_on(work, row.relays),
        pauses=pauses_of(kind, record),
        extensions=[
            deadlines.Extension(Target.parse(one.more), one.decided_at or one.asked_at)
            for one in record.extensions
            if one.granted and one.clock_id == row.id
        ],
        stopped_at=row.stopped_at,
        now=now,
        anew=anew,
    )


def handed_on(work: WorkTime, relays: Iterable[Mapping[str, Any]]) -> WorkTime:
    """Working time of a clock that units passed on: each one's hours up to its day ``until``, then ``work``.

    A term goes on where it stands: days that counted under the former unit's hours have counted, and what is left is
    counted in the hours of the unit that has the matter now. Over the whole it would count days twice or take days
    back: a unit that also works at weekends would get a deadline in the past, without having had a day of it.
    """
    before = list(relays)
    if not before:
        return work
    hours = [*(hours_told(one["hours"]) for one in before), work.hours]
    course = WorkTime(work.calendar, hours[0])
    for one, own in zip(before, hours[1:], strict=True):
        course = Relay(work.calendar, own, former=course, since=date.fromisoformat(one["until"]))
    return course


def pauses_of(kind: ClockKind, record: OnRecord) -> list[deadlines.Pause]:
    """The pauses that hold a clock of this kind."""
    return [
        deadlines.Pause(one.started_at, one.ended_at, reason_code=one.reason, planned_end=one.planned_end)
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
    legal = sorted(row.started_at for row in rows if row.kind == ClockKind.LEGAL)
    again = {at for at in legal if at > legal[0]}
    return [
        (
            row,
            reckoned(
                row, record, WorkTime(calendar, hours_told(row.hours)), now,
                anew=row.kind == ClockKind.LEGAL and row.started_at in again,
            ),
        )
        for row in rows
    ]  # fmt: skip


def hours_told(told: Any) -> Hours:
    return Hours.parse(told) if told else USUAL
