"""Clocks of a thing: started, stopped, handed over, and reckoned anew from what stands on record.

Nothing here is a move of its own: a room's moves call it inside their transaction, with the thing locked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from minqing import deadlines
from minqing.core.errors import Invalid
from minqing.deadlines import Target
from minqing.deadlines.books import Book, C, Thing
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import Records, handed_on, hours_told, next_rung, pauses_of, reckoned, records_of
from minqing.deadlines.rows import Clock
from minqing.org.queries import work_time
from minqing.worktime.hours import WorkTime, local

MOST_DAYS: Final = 250
SETTLED: Final = ("due_at", "provisional", "calendar", "escalate_at")


def target_of(days: int) -> Target:
    """So many working days; Invalid for less than none and for more than a year's."""
    if not 0 <= days <= MOST_DAYS:
        raise Invalid("days", _("A deadline is between 0 and 250 working days."))
    return Target(days=days)


@dataclass(frozen=True)
class Promised(Target):
    """What the county's norm for the ``way`` of handling gives."""

    way: str = ""


def promised(way: str, written: str | None) -> Promised | None:
    """A norm's target as it is stored; None where there is none."""
    if not written:
        return None
    target = Target.parse(written)
    return Promised(target.days, target.hours, target.calendar_days, way=str(way))


def settle_due(book: Book[Clock], row: Clock, records: Records, now: datetime, work: WorkTime | None = None) -> bool:
    """Write what the clock comes to into ``row``, unsaved; whether that changed when it is due.

    ``work`` is the unit's working time, where the caller has it already. A thing that is in time again, by more
    time, another term or another calendar, comes down from the ladder: its ``rung`` is to be saved with the deadline.
    """
    work = work or work_time(row.unit)
    found = reckoned(book, row, records, work, now)
    before = row.due_at
    row.due_at, row.provisional, row.calendar = found.due_at, found.provisional, work.fingerprint
    if row.kind in book.own:
        waits = row.kind in book.waiting
        if in_time_again(row, before, now, waits=waits):
            book.thing(row).rung = Rung.OFFICER.value
        # what waits for a unit is looked at when it is due, and the moment reckoned then: taking in reads no ladder
        row.escalate_at = heard_from(row) if waits else escalation(book, row, records, work)
    return before != row.due_at


def in_time_again(row: Clock, before: datetime | None, now: datetime, *, waits: bool) -> bool:
    """What waits for a unit may stand higher without being late, as after an appeal: it stays there."""
    late_before = not waits or (before is not None and before <= now)
    return late_before and row.due_at is not None and row.due_at > now


def escalation(book: Book[Clock], row: Clock, records: Records, work: WorkTime) -> datetime | None:
    """When the next rung hears of it: so long after the deadline as the ladder says, without the pauses since then.

    None at the top, and while nobody knows when that will be.
    """
    above = next_rung(book, Rung(book.thing(row).rung))
    if above is None:
        return None
    start = heard_from(row)
    if start is None or not above.after.amount:
        return start
    late = deadlines.reckon(
        kind=row.kind,
        start=start,
        target=above.after,
        work=handed_on(work, row.relays),
        pauses=pauses_of(book, row.kind, records),
        now=start,
    )
    return late.due_at


def heard_from(row: Clock) -> datetime | None:
    """From when on those above may hear of it."""
    return row.due_at and max(row.due_at, row.heard_from or row.due_at)


def settle_next(book: Book[Clock], row: Clock, thing: Thing) -> datetime | None:
    """When the next rung hears of the thing, after one was climbed or the ladder was changed; kept and returned."""
    book.put(row, thing)
    row.escalate_at = escalation(book, row, records_of(book, [thing.pk])[thing.pk], work_time(row.unit))
    row.save(update_fields=["escalate_at"])
    return row.escalate_at


def lock_things_of(book: Book[Clock], clocks: QuerySet[Any]) -> None:
    """Lock the things whose clocks these are, in the order of every move: nobody writes clocks without that."""
    things = book.things.select_for_update().filter(pk__in=clocks.values(book.of))
    list(things.order_by(*book.order).values_list("pk"))


def start_clocks(
    book: Book[C],
    thing: Thing,
    targets: Mapping[Any, Target | None],
    *,
    at: datetime,
    starts: Mapping[Any, datetime] | None = None,
    **values: Any,
) -> dict[Any, C]:
    """Start a clock for each kind that has a target, at ``at`` or where ``starts`` says; one statement.

    ``values`` are of fields that the room's own clocks have, or another ``unit`` than the thing's.
    """
    rows = clocks_of(book, thing, targets, at=at, starts=starts, **values)
    book.clock._default_manager.bulk_create(rows.values())
    return rows


def clocks_of(
    book: Book[C],
    thing: Thing,
    targets: Mapping[Any, Target | None],
    *,
    at: datetime,
    starts: Mapping[Any, datetime] | None = None,
    work: WorkTime | None = None,
    hears: datetime | None = None,
    **values: Any,
) -> dict[Any, C]:
    """What :func:`start_clocks` starts, not yet stored; ``work`` where all run in the same working time.

    One that starts in a pause stands still; one that starts in the past leaves out the pauses since then. Those above
    hear of none before ``hears``.
    """
    rows: dict[object, C] = {}
    records = records_of(book, [thing.pk])[thing.pk] if starts or book.stands(thing) else Records()
    for kind, target in targets.items():
        if target is None:
            continue
        own = {"unit": book.unit_of(thing, kind)} if "unit" not in values else {}
        row = book.clock(
            kind=str(kind),
            started_at=(starts or {}).get(kind, at),
            target=target.as_json(),
            norm=target.way if isinstance(target, Promised) else "",
            heard_from=hears if kind in book.own else None,
            **{book.of: thing},
            **own,
            **values,
        )
        settle_due(book, row, records, at, work)
        rows[kind] = row
    return rows


def stop_clocks(running: QuerySet[Any], *, at: datetime, counts: bool | Collection[str] = True) -> None:
    """What these running clocks waited for has happened; those that are not among ``counts`` are called off instead.

    A request for more time falls away with the deadline that it was for: see :func:`drop_requests`.
    """
    # another machine's clock may be a little behind
    changes: dict[str, object] = {"stopped_at": Greatest(F("started_at"), at), "escalate_at": None}
    if counts is False:
        changes["counts"] = False
    elif counts is not True:
        changes["counts"] = ExpressionWrapper(Q(kind__in=counts), output_field=BooleanField())
    running.update(**changes)


def hand_over(book: Book[Clock], thing: Thing, unit: Any, running: QuerySet[Any], *, at: datetime) -> dict[str, object]:
    """These running clocks go on in the hours of ``unit``; returns the thing's own deadline.

    A day is the unit's that has the thing when business stops: after that the change counts from the next day on.
    See :func:`minqing.deadlines.queries.handed_on` for what becomes of the time before.
    """
    rows, day = list(running.select_related("unit")), local(at).date()
    others = [row for row in rows if hours_told(row.unit.hours if row.unit else None) != hours_told(unit.hours)]
    records = records_of(book, [thing.pk])[thing.pk] if others else Records()
    for row in rows:
        book.put(row, thing)
    for row in others:
        over = local(at) > work_time(row.unit).close_of(day)
        own = {"until": (day + timedelta(days=over)).isoformat(), "hours": row.unit.hours if row.unit else None}
        row.unit, row.relays = unit, [*row.relays, own]
        settle_due(book, row, records, at)
    book.clock._default_manager.bulk_update(others, ["relays", *SETTLED])
    if rows:
        running.update(unit=unit)
    return deadline_of(book, next((row for row in rows if row.kind in book.own and row.kind not in book.waiting), None))


def reckon_running(book: Book[Clock], thing: Thing, *, at: datetime) -> dict[str, Any]:
    """Reckon the running clocks of one thing anew; returns what becomes of the thing's own deadline."""
    rows = list(book.running(thing).select_related("unit"))
    records = records_of(book, [thing.pk])[thing.pk]
    for row in rows:
        book.put(row, thing)
        settle_due(book, row, records, at)
    book.clock._default_manager.bulk_update(rows, SETTLED)
    return deadline_of(book, next((row for row in rows if row.kind in book.own), None))


def deadline_of(book: Book[Clock], row: Clock | None) -> dict[str, Any]:
    """The thing's own deadline is that of its running own clock; and who above has heard. To be saved with it."""
    if row is None:
        return {"due_at": None, "due_provisional": False}
    return {"due_at": row.due_at, "due_provisional": row.provisional, "rung": book.thing(row).rung}
