"""What becomes of a room's things as time passes: deadlines reckoned anew, ended pauses, the ladder.

Each opens transactions of its own and acts in them as ``by``, a system actor that sees all areas. A thing at which
something fails is left as it is, logged, and tried again the next time; the others go on. Whatever was done in the
meantime by somebody else is looked at again under the thing's lock, so that two workers, or one that was killed and
came back, do nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import assume_versions, current_versions
from minqing.core.retry import once_more
from minqing.deadlines.books import UPKEEPS, Book, Upkeep
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import records_of
from minqing.deadlines.rows import Clock
from minqing.deadlines.services.clocks import SETTLED, settle_due, settle_next
from minqing.journal.services import record
from minqing.org.queries import units_by_calendar, work_time
from minqing.privacy.access import transaction_as
from minqing.worktime.hours import WorkTime

logger = logging.getLogger(__name__)
BATCH = 200
T = TypeVar("T")
MOVED = _("The working days have changed. Due {after} instead of {before}.")
TERM_MOVED = _("The county has changed this term. Due {after} instead of {before}.")
# what no calendar is called: the clock's target has changed since it was reckoned
ANEW = ""


@dataclass(frozen=True)
class Reckoned:
    """How many running clocks were looked at, and of how many the deadline moved."""

    looked: int
    moved: int


NOTHING = Reckoned(0, 0)


def reckon_clocks(*, by: Actor, at: datetime | None = None, of: Collection[Upkeep] | None = None) -> Reckoned:
    """Reckon every running clock anew whose calendar is not the present one, in all rooms or ``of`` these.

    Twice is the same as once.

    In batches, each a transaction of its own with one event; may be stopped and begun again. A thing whose own
    deadline moves is told from when to when. Things that somebody works on at that moment come at the end, one by one.
    """
    done = [reckon_room(upkeep, by=by, at=at or clock.now()) for upkeep in (UPKEEPS if of is None else of)]
    return Reckoned(sum(one.looked for one in done), sum(one.moved for one in done))


def reckon_room(upkeep: Upkeep, *, by: Actor, at: datetime) -> Reckoned:
    looked = moved = 0
    later: list[object] = []
    after = None
    while batch := stale_things(upkeep.book, after, by=by):
        after = batch[-1]
        act = partial(reckon_batch, upkeep, batch, by=by, at=at)
        one, left = attempt(upkeep.book, act, otherwise=(NOTHING, batch))
        looked, moved, later = looked + one.looked, moved + one.moved, later + left
    for id in later:
        act = partial(reckon_batch, upkeep, [id], by=by, at=at, wait=True)
        one, left = attempt(upkeep.book, act, otherwise=(NOTHING, [id]), subject=id)
        looked, moved = looked + one.looked, moved + one.moved
    return Reckoned(looked, moved)


def stale_things(book: Book[Clock], after: object, *, by: Actor) -> list[object]:
    """The next things, in order of id, with running clocks that were reckoned with other working days than today's."""
    with transaction_as(by):
        rows = book.things.filter(Exists(stale_clocks(book).filter(**{book.of: OuterRef("pk")})))
        if after is not None:
            rows = rows.filter(pk__gt=after)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def stale_clocks(book: Book[Clock]) -> QuerySet[Any]:
    stale = Q(pk__in=[])
    for fingerprint, units in units_by_calendar().items():
        theirs = Q(unit__in=[unit for unit in units if unit is not None])
        stale |= (theirs | Q(unit=None) if None in units else theirs) & ~Q(calendar=fingerprint)
    return book.clocks.filter(stale, stopped_at=None)


def reckon_batch(
    upkeep: Upkeep, ids: list[object], *, by: Actor, at: datetime, wait: bool = False
) -> tuple[Reckoned, list[object]]:
    """These things, locked, and the ids of those that somebody else has locked (unless they are to ``wait`` for).

    The thing comes before its clocks, as in every move: otherwise the two could wait for each other.
    """
    with transaction_as(by), assume_versions(current_versions()):
        locked = upkeep.book.things.select_for_update(skip_locked=not wait).filter(pk__in=ids).order_by("pk")
        things = {thing.pk: thing for thing in locked}
        return reckon_locked(upkeep, things, by=by, at=at), [id for id in ids if id not in things]


def reckon_locked(upkeep: Upkeep, things: dict[Any, Any], *, by: Actor, at: datetime) -> Reckoned:
    book = upkeep.book
    stale = stale_clocks(book).filter(**{f"{book.of}__in": things})
    rows = list(stale.select_related("unit").order_by("pk"))
    records = records_of(book, things)
    works: dict[Any, WorkTime] = {}
    before = {row.pk: (MOVED if row.calendar != ANEW else TERM_MOVED, row.due_at) for row in rows}
    former = {row.pk: kept_of(row) for row in rows}
    changed = []
    for row in rows:
        id = book.id_of(row)
        book.put(row, things[id])
        work = works.get(row.unit_id) or works.setdefault(row.unit_id, work_time(row.unit))
        if settle_due(book, row, records[id], at, work):
            changed.append(row)
    keep(book, rows, former)
    for row in changed:
        if row.kind in book.own:
            upkeep.moved(row, *before[row.pk], by=by, at=at)
    if changed:
        moved = sorted({str(book.id_of(row)) for row in changed})
        data: dict[str, Any] = {"looked": len(rows), "moved": len(changed), book.room: moved}
        record(type=f"{book.room}.clocks.reckoned", subject="clocks", by=by, at=at, data=data)
    return Reckoned(len(rows), len(changed))


def kept_of(row: Clock) -> tuple[object, ...]:
    return row.due_at, row.provisional, row.escalate_at


def keep(book: Book[Clock], rows: list[Clock], former: dict[Any, tuple[Any, ...]]) -> None:
    """Where only the calendar's name is another, which is most rows, one statement for all with that name."""
    alike: dict[str, list[UUID]] = {}
    for row in rows:
        if kept_of(row) == former[row.pk]:
            alike.setdefault(row.calendar, []).append(row.pk)
    for calendar, ids in alike.items():
        book.clocks.filter(pk__in=ids).update(calendar=calendar)
    same = {id for ids in alike.values() for id in ids}
    moved = [row for row in rows if row.pk not in same]
    book.clock._default_manager.bulk_update(moved, SETTLED)


def attempt(book: Book[Clock], act: Callable[[], T], *, otherwise: T, subject: object = None) -> T:
    """What ``act`` returns. Where it raises, ``otherwise``: logged by the class alone, as words may name people."""
    try:
        return once_more(act)
    except Exception as error:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        logger.error("%s: %s at %s, left as it is", book.room, kind, subject or "a batch")
        return otherwise


def each(book: Book[Clock], things: Iterable[Any], act: Callable[[Any], Any], *, by: Actor) -> int:
    """Do ``act`` to each thing (by its id) in a transaction of its own, so that one that cannot be done holds up no
    other.

    ``act`` looks again whether there is still something to do, and returns None where there is not.
    """
    with transaction_as(by):
        ids = list(dict.fromkeys(things))
    return sum(attempt(book, partial(do_one, book, id, act, by=by), otherwise=False, subject=id) for id in ids)


def do_one(book: Book[Clock], id: UUID, act: Callable[[Any], object], *, by: Actor) -> bool:
    with transaction_as(by), assume_versions(current_versions()):
        # another worker may be here at this moment
        thing = book.things.select_for_update(skip_locked=True).filter(pk=id).first()
        return thing is not None and act(thing) is not None


def resume_due(*, by: Actor, at: datetime | None = None, of: Collection[Upkeep] | None = None) -> int:
    """Take up again everything that waits and whose planned end has passed; returns how many."""
    return sum(resume_room(upkeep, by=by, now=at or clock.now()) for upkeep in (UPKEEPS if of is None else of))


def resume_room(upkeep: Upkeep, *, by: Actor, now: datetime) -> int:
    book, resume, suspended = upkeep.book, upkeep.resume, upkeep.suspended
    if book.pause is None or resume is None or suspended is None:
        return 0
    over = book.pause._default_manager.filter(ended_at=None, planned_end__lte=now, **{f"{book.of}__in": suspended()})

    def take_up(thing: object) -> object:
        return resume(thing, by=by, at=now) if over.filter(**{book.of: thing}).exists() else None

    return each(book, over.order_by("planned_end").values_list(f"{book.of}_id", flat=True), take_up, by=by)


def escalate_due(*, by: Actor, at: datetime | None = None, of: Collection[Upkeep] | None = None) -> int:
    """Carry everything overdue up the ladder as far as it is time for; returns how many rungs were climbed."""
    return sum(escalate_room(upkeep, by=by, now=at or clock.now()) for upkeep in (UPKEEPS if of is None else of))


def escalate_room(upkeep: Upkeep, *, by: Actor, now: datetime) -> int:
    book, escalate = upkeep.book, upkeep.escalate
    if escalate is None:
        return 0
    late = book.clocks.filter(stopped_at=None, escalate_at__lt=now, **{f"{book.of}__in": upkeep.running()})

    def climb(thing: Any) -> Any:
        # the ladder may have changed since the moment was reckoned
        due = [settle_next(book, row, thing) for row in late.filter(**{book.of: thing}).select_related("unit")]
        if not any(moment is not None and moment < now for moment in due):
            return None
        return escalate(thing, by=by, at=now)

    # each rung is a step of its own; the ladder ends
    things = late.order_by("escalate_at").values_list(f"{book.of}_id", flat=True)
    climbed = 0
    for _rung in Rung:
        done = each(book, things.all(), climb, by=by)
        climbed += done
        if not done:
            break
    return climbed


def remind_due(*, by: Actor, at: datetime | None = None, of: Collection[Upkeep] | None = None) -> int:
    """Remind of everything whose deadline is near, where a room does that; returns of how many."""
    return sum(remind_room(upkeep, by=by, now=at or clock.now()) for upkeep in (UPKEEPS if of is None else of))


def remind_room(upkeep: Upkeep, *, by: Actor, now: datetime) -> int:
    nearing, remind = upkeep.nearing, upkeep.remind
    if nearing is None or remind is None:
        return 0

    def tell(thing: Any) -> Any:
        # another worker may have done it since
        return remind(thing, by=by, at=now) if nearing(now).filter(pk=thing.pk).exists() else None

    return each(upkeep.book, nearing(now).order_by("due_at").values_list("pk", flat=True), tell, by=by)
