"""Deadlines of a matter: started, stopped, and reckoned anew from what stands on record.

Nothing here is a move of its own: the services of moves call it inside their transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from minqing import deadlines
from minqing.core.errors import Invalid
from minqing.deadlines import Target
from minqing.matters.enums import OWN_CLOCKS, ClockKind, Mechanism, Rung, State
from minqing.matters.models import Clock, Extension, Matter, Norm, Part
from minqing.matters.queries import terms
from minqing.matters.queries.clocks import OnRecord, handed_on, hours_told, pauses_of, reckoned, records_of
from minqing.org.queries import work_time
from minqing.worktime.hours import WorkTime, local

MOST_DAYS = 250
# in which matters are locked, where a service needs several: see ``steps.begin``
IN_ORDER: Final = (ExpressionWrapper(Q(state=State.MERGED.value), output_field=BooleanField()), "pk")


def target_of(days: int) -> Target:
    if not 0 <= days <= MOST_DAYS:
        raise Invalid("days", _("A deadline is between 0 and 250 working days."))
    return Target(days=days)


@dataclass(frozen=True)
class Promised(Target):
    """What the county's norm for the way of handling ``mechanism`` gives."""

    mechanism: str = ""


def promised(mechanism: Mechanism | str, written: str | None) -> Promised | None:
    if not written:
        return None
    target = Target.parse(written)
    return Promised(target.days, target.hours, target.calendar_days, mechanism=str(mechanism))


def norm(mechanism: Mechanism | str, kind: ClockKind) -> Promised | None:
    """What the county promises, None where it promises nothing of the kind."""
    found = Norm.objects.filter(mechanism=str(mechanism), kind=kind.value).values_list("target", flat=True).first()
    return promised(mechanism, found)


def due_to_assign() -> Callable[[datetime], datetime | None]:
    """By when a matter that came in at a moment is to be with a unit; None where nothing is promised."""
    target, work = norm(Mechanism.IMMEDIATE, ClockKind.ASSIGN), work_time()

    def due(start: datetime) -> datetime | None:
        if target is None:
            return None
        return deadlines.reckon(
            kind=ClockKind.ASSIGN, start=start, target=target, work=work, pauses=(), now=start
        ).due_at

    return due


def end_of_next_day(now: datetime) -> datetime:
    """The close of the next working day: before it those above hear of no old matter that was loaded by now."""
    kind, work = ClockKind.ASSIGN, work_time()
    return deadlines.reckon(kind=kind, start=now, target=Target(days=1), work=work, now=now).forecast_at


def settle_due(row: Clock, record: OnRecord, now: datetime, work: WorkTime | None = None) -> bool:
    """Write what the clock comes to into ``row``, unsaved; whether that changed when it is due.

    ``work`` is the unit's working time, where the caller has it already. A matter that is in time again, by more
    time, another term or another calendar, comes down from the ladder: its ``rung`` is to be saved with the deadline.
    """
    work = work or work_time(row.unit)
    found = reckoned(row, record, work, now)
    before = row.due_at
    row.due_at, row.provisional, row.calendar = found.due_at, found.provisional, work.fingerprint
    if row.kind in OWN_CLOCKS:
        if in_time_again(row, before, now):
            row.matter.rung = Rung.OFFICER.value
        # one to assign is looked at from its deadline on and the moment then reckoned: taking in reads no ladder
        row.escalate_at = escalation(row, record, work) if row.kind == ClockKind.FINISH else heard_from(row)
    return before != row.due_at


def in_time_again(row: Clock, before: datetime | None, now: datetime) -> bool:
    """A matter that waits for a unit may stand higher without being late, as after an appeal: it stays there."""
    late_before = row.kind == ClockKind.FINISH or (before is not None and before <= now)
    return late_before and row.due_at is not None and row.due_at > now


def escalation(row: Clock, record: OnRecord, work: WorkTime) -> datetime | None:
    """When the next rung hears of it: so long after the deadline as the ladder says, without the pauses since then.

    None at the top, and while nobody knows when that will be.
    """
    above = terms.next_rung(Rung(row.matter.rung))
    if above is None:
        return None
    start = heard_from(row)
    if start is None or not above.after.amount:
        return start
    kind = ClockKind(row.kind)
    late = deadlines.reckon(
        kind=kind,
        start=start,
        target=above.after,
        work=handed_on(work, row.relays),
        pauses=pauses_of(kind, record),
        now=start,
    )
    return late.due_at


def heard_from(row: Clock) -> datetime | None:
    """From when on those above may hear of it."""
    return row.due_at and max(row.due_at, row.heard_from or row.due_at)


def settle_next(row: Clock, matter: Matter) -> datetime | None:
    """When the next rung hears of the matter, after one was climbed or the ladder was changed; kept and returned."""
    row.matter = matter
    row.escalate_at = escalation(row, records_of([row.matter_id])[row.matter_id], work_time(row.unit))
    row.save(update_fields=["escalate_at"])
    return row.escalate_at


def lock_matters_of(running: QuerySet[Clock]) -> None:
    """Lock the matters whose clocks these are, in the order of every move: nobody writes clocks without that."""
    matters = Matter.objects.select_for_update().filter(pk__in=running.values("matter"))
    list(matters.order_by(*IN_ORDER).values_list("pk"))


def start_clocks(
    matter: Matter,
    targets: Mapping[ClockKind, Target | None],
    *,
    at: datetime,
    part: Part | None = None,
    starts: Mapping[ClockKind, datetime] | None = None,
) -> dict[ClockKind, Clock]:
    """Start a clock for each kind that has a target, at ``at`` or where ``starts`` says; one statement."""
    rows = clocks_of(matter, targets, at=at, part=part, starts=starts)
    Clock.objects.bulk_create(rows.values())
    return rows


def clocks_of(
    matter: Matter,
    targets: Mapping[ClockKind, Target | None],
    *,
    at: datetime,
    part: Part | None = None,
    starts: Mapping[ClockKind, datetime] | None = None,
    work: WorkTime | None = None,
    hears: datetime | None = None,
) -> dict[ClockKind, Clock]:
    """What :func:`start_clocks` starts, not yet stored; ``work`` where all run in the same working time.

    One that starts in a pause stands still; one that starts in the past leaves out the pauses since then. Those above
    hear of none before ``hears``.
    """
    rows = {}
    paused = matter.state == State.SUSPENDED or starts
    record = records_of([matter.pk])[matter.pk] if paused else OnRecord()
    for kind, target in targets.items():
        if target is None:
            continue
        row = Clock(
            matter=matter, part=part, unit=part.unit if part else unit_of(matter, kind), kind=kind.value,
            started_at=(starts or {}).get(kind, at), target=target.as_json(),
            norm=target.mechanism if isinstance(target, Promised) else "",
            heard_from=hears if kind in OWN_CLOCKS else None,
        )  # fmt: skip
        settle_due(row, record, at, work)
        rows[kind] = row
    return rows


def unit_of(matter: Matter, kind: ClockKind) -> Any:
    """Whose hours count. A matter that waits at the clerk's is in nobody's, also where the unit that sent it back stays
    written on it.
    """
    return None if kind is ClockKind.ASSIGN else matter.lead_unit


def wait_for_unit(matter: Matter, *, at: datetime, rung: Rung = Rung.OFFICER) -> dict[str, Any]:
    """The clock to assign begins; returns the matter's own deadline until a unit has it.

    It is a new deadline: nobody above has heard of it yet, unless it is looked at on a higher ``rung`` from the first.
    """
    matter.rung = rung.value
    started = start_clocks(matter, {ClockKind.ASSIGN: norm(matter.mechanism, ClockKind.ASSIGN)}, at=at)
    return {"rung": matter.rung} | deadline_of(started.get(ClockKind.ASSIGN))


def stop_clocks(
    matter: Matter,
    *,
    at: datetime,
    kinds: Collection[ClockKind] | None = None,
    part: Part | None = None,
    counts: bool | Collection[ClockKind] = True,
) -> None:
    """What the clocks waited for has happened; those that are not among ``counts`` are called off instead.

    A request for more time falls away with the deadline that it was for: decided by nobody.
    """
    running = Clock.objects.filter(matter=matter, stopped_at=None)
    if kinds is not None:
        running = running.filter(kind__in=kinds)
    if part is not None:
        running = running.filter(part=part)
    # another machine's clock may be a little behind
    changes: dict[str, Any] = {"stopped_at": Greatest(F("started_at"), at), "escalate_at": None}
    if counts is False:
        changes["counts"] = False
    elif counts is not True:
        changes["counts"] = ExpressionWrapper(Q(kind__in=counts), output_field=BooleanField())
    running.update(**changes)
    if part is None and (kinds is None or ClockKind.FINISH in kinds):
        drop_requests(matter, at=at)


def drop_requests(matter: Matter, *, at: datetime) -> None:
    Extension.objects.filter(matter=matter, granted=None).update(granted=False, decided_at=at)


def hand_over(matter: Matter, unit: Any, *, at: datetime) -> dict[str, Any]:
    """Clocks of the whole matter that run on go on in the hours of ``unit``; returns the matter's own deadline.

    A day is the unit's that has the matter when business stops: after that the change counts from the next day on.
    See :func:`minqing.matters.queries.clocks.handed_on` for what becomes of the time before.
    """
    running = Clock.objects.filter(matter=matter, part=None, stopped_at=None)
    rows, day = list(running.select_related("unit")), local(at).date()
    others = [row for row in rows if hours_told(row.unit.hours if row.unit else None) != hours_told(unit.hours)]
    record = records_of([matter.pk])[matter.pk] if others else OnRecord()
    for row in rows:
        row.matter = matter
    for row in others:
        over = local(at) > work_time(row.unit).close_of(day)
        own = {"until": (day + timedelta(days=over)).isoformat(), "hours": row.unit.hours if row.unit else None}
        row.unit, row.relays = unit, [*row.relays, own]
        settle_due(row, record, at)
    Clock.objects.bulk_update(others, ["relays", "due_at", "provisional", "calendar", "escalate_at"])
    if rows:
        running.update(unit=unit)
    return deadline_of(next((row for row in rows if row.kind == ClockKind.FINISH), None))


def reckon_running(matter: Matter, *, at: datetime) -> dict[str, Any]:
    """Reckon the running clocks of one matter anew; returns what becomes of the matter's own deadline."""
    rows = list(Clock.objects.filter(matter=matter, stopped_at=None).select_related("unit"))
    record = records_of([matter.pk])[matter.pk]
    for row in rows:
        row.matter = matter
        settle_due(row, record, at)
    Clock.objects.bulk_update(rows, ["due_at", "provisional", "calendar", "escalate_at"])
    return deadline_of(next((row for row in rows if row.kind in OWN_CLOCKS), None))


def deadline_of(row: Clock | None) -> dict[str, Any]:
    """The matter's own deadline is that of its clock to finish, or before that to assign; and who above has heard."""
    if row is None:
        return {"due_at": None, "due_provisional": False}
    return {"due_at": row.due_at, "due_provisional": row.provisional, "rung": row.matter.rung}
