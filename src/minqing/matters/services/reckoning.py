"""What the system does by itself as time passes: deadlines reckoned anew, ended pauses, the ladder, the lot.

Each opens transactions of its own and acts in them as ``by``, a system actor that sees all areas. A matter at which
something fails is left as it is, logged, and tried again the next time; the others go on. Whatever was done in the
meantime by somebody else is looked at again under the matter's lock, so that two workers, or one that was killed and
came back, do nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.editions import known, read
from minqing.core.ids import digest, new_id
from minqing.core.retrying import once_more, one_at_a_time
from minqing.journal.services import record
from minqing.matters import norms
from minqing.matters.enums import OPEN, OWN_CLOCKS, ClockKind, Move, Rung, State
from minqing.matters.models import CallBack, Clock, Matter, Pause, Step
from minqing.matters.queries.clocks import records_of
from minqing.matters.queries.running import running
from minqing.matters.services.clocks import deadline_of, settle_due, settle_next
from minqing.matters.services.steps import Turn, finish
from minqing.matters.services.supervising import escalate_matter
from minqing.matters.services.waiting import resume_matter
from minqing.matters.words import in_house, written
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


def reckon_clocks(*, by: Actor, at: datetime | None = None) -> Reckoned:
    """Reckon every running clock anew whose calendar is not the present one. Twice is the same as once.

    In batches, each a transaction of its own with one event; may be stopped and begun again. A matter whose own
    deadline moves has a step that says from when to when. Matters that somebody works on at that moment come at the
    end, one by one.
    """
    at = at or clock.now()
    looked = moved = 0
    later: list[Any] = []
    after = None
    while batch := stale_matters(after, by=by):
        after = batch[-1]
        one, left = attempt(partial(reckon_batch, batch, by=by, at=at), otherwise=(NOTHING, batch))
        looked, moved, later = looked + one.looked, moved + one.moved, later + left
    for id in later:
        act = partial(reckon_batch, [id], by=by, at=at, wait=True)
        one, left = attempt(act, otherwise=(NOTHING, [id]), subject=id)
        looked, moved = looked + one.looked, moved + one.moved
    return Reckoned(looked, moved)


def stale_matters(after: Any, *, by: Actor) -> list[Any]:
    """The next matters, in order of id, with running clocks that were reckoned with other working days than today's."""
    with transaction_as(by):
        rows = Matter.objects.filter(Exists(stale_clocks().filter(matter=OuterRef("pk"))))
        if after is not None:
            rows = rows.filter(pk__gt=after)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def stale_clocks() -> QuerySet[Clock]:
    stale = Q(pk__in=[])
    for fingerprint, units in units_by_calendar().items():
        theirs = Q(unit__in=[unit for unit in units if unit is not None])
        stale |= (theirs | Q(unit=None) if None in units else theirs) & ~Q(calendar=fingerprint)
    return Clock.objects.filter(stale, stopped_at=None)


def reckon_batch(ids: list[Any], *, by: Actor, at: datetime, wait: bool = False) -> tuple[Reckoned, list[Any]]:
    """These matters, locked, and the ids of those that somebody else has locked (unless they are to ``wait`` for).

    The matter comes before its clocks, as in every move: otherwise the two could wait for each other.
    """
    with transaction_as(by), known(read()):
        locked = Matter.objects.select_for_update(skip_locked=not wait).filter(pk__in=ids).order_by("pk")
        matters = {matter.pk: matter for matter in locked}
        return reckon_locked(matters, by=by, at=at), [id for id in ids if id not in matters]


def reckon_locked(matters: dict[Any, Matter], *, by: Actor, at: datetime) -> Reckoned:
    rows = list(stale_clocks().filter(matter__in=matters).select_related("unit").order_by("pk"))
    records = records_of(matters)
    works: dict[Any, WorkTime] = {}
    before = {row.pk: (row.due_at, MOVED if row.calendar != ANEW else TERM_MOVED) for row in rows}
    former = {row.pk: kept_of(row) for row in rows}
    changed = []
    for row in rows:
        row.matter = matters[row.matter_id]
        work = works.get(row.unit_id) or works.setdefault(row.unit_id, work_time(row.unit))
        if settle_due(row, records[row.matter_id], at, work):
            changed.append(row)
    keep(rows, former)
    for row in changed:
        if row.kind in OWN_CLOCKS and row.matter.state in OPEN:
            tell_moved(row, *before[row.pk], by=by, at=at)
    if changed:
        ids_moved = sorted({str(row.matter_id) for row in changed})
        data: dict[str, Any] = {"looked": len(rows), "moved": len(changed), "matters": ids_moved}
        record(type="matters.clocks.reckoned", subject="clocks", by=by, at=at, data=data)
    return Reckoned(len(rows), len(changed))


def kept_of(row: Clock) -> tuple[Any, ...]:
    return row.due_at, row.provisional, row.escalate_at


def keep(rows: list[Clock], former: dict[Any, tuple[Any, ...]]) -> None:
    """Where only the calendar's name is another, which is most rows, one statement for all with that name."""
    alike: dict[str, list[Any]] = {}
    for row in rows:
        if kept_of(row) == former[row.pk]:
            alike.setdefault(row.calendar, []).append(row.pk)
    for calendar, ids in alike.items():
        Clock.objects.filter(pk__in=ids).update(calendar=calendar)
    same = {id for ids in alike.values() for id in ids}
    moved = [row for row in rows if row.pk not in same]
    Clock.objects.bulk_update(moved, ["due_at", "provisional", "calendar", "escalate_at"])


def tell_moved(row: Clock, before: datetime | None, sentence: Any, *, by: Actor, at: datetime) -> None:
    text = in_house(format_lazy(sentence, before=written(before), after=written(row.due_at)))
    turn = Turn(new_id(), row.matter, Move.RECKON, by, at)
    # the day by which a clerk passes it on is nothing that the reporter was promised
    finish(turn, text=text, public=row.kind == ClockKind.FINISH, **deadline_of(row))


def attempt(act: Callable[[], T], *, otherwise: T, subject: Any = None) -> T:
    """What ``act`` returns. Where it raises, ``otherwise``: logged by the class alone, as words may name people."""
    try:
        return once_more(act)
    except Exception as error:
        kind = type(error)
        logger.error("matters: %s at %s, left as it is", f"{kind.__module__}.{kind.__qualname__}", subject or "a batch")
        return otherwise


def each(matters: Iterable[Any], act: Callable[[Matter], Any], *, by: Actor) -> int:
    """Do ``act`` to each matter in a transaction of its own, so that one that cannot be done holds up no other.

    ``act`` looks again whether there is still something to do, and returns None where there is not.
    """
    with transaction_as(by):
        ids = list(dict.fromkeys(matters))
    return sum(attempt(partial(do_one, id, act, by=by), otherwise=False, subject=id) for id in ids)


def do_one(id: Any, act: Callable[[Matter], Any], *, by: Actor) -> bool:
    with transaction_as(by), known(read()):
        # another worker may be here at this moment
        matter = Matter.objects.select_for_update(skip_locked=True).filter(pk=id).first()
        return matter is not None and act(matter) is not None


def resume_due(*, by: Actor, at: datetime | None = None) -> int:
    """Take up again every suspended matter whose planned end has passed; returns how many."""
    now = at or clock.now()
    over = Pause.objects.filter(ended_at=None, planned_end__lte=now, matter__state=State.SUSPENDED.value)

    def resume(matter: Matter) -> Matter | None:
        return resume_matter(id=new_id(), matter=matter, by=by, at=now) if over.filter(matter=matter).exists() else None

    return each(over.order_by("planned_end").values_list("matter_id", flat=True), resume, by=by)


def escalate_due(*, by: Actor, at: datetime | None = None) -> int:
    """Carry every overdue matter up the ladder as far as it is time for; returns how many rungs were climbed."""
    now = at or clock.now()
    late = Clock.objects.filter(stopped_at=None, escalate_at__lt=now, matter__in=Matter.objects.filter(running()))

    def climb(matter: Matter) -> Matter | None:
        # the ladder may have changed since the moment was reckoned
        due = [settle_next(row, matter) for row in late.filter(matter=matter).select_related("unit")]
        if not any(moment is not None and moment < now for moment in due):
            return None
        return escalate_matter(id=new_id(), matter=matter, by=by, at=now)

    # each rung is a step of its own; the ladder ends
    matters = late.order_by("escalate_at").values_list("matter_id", flat=True)
    climbed = 0
    for _rung in Rung:
        done = each(matters.all(), climb, by=by)
        climbed += done
        if not done:
            break
    return climbed


def draw_call_backs(*, by: Actor, at: datetime | None = None, days: int = 7) -> int:
    """Draw by lot which of the matters answered in the last ``days`` are called back; returns how many were drawn.

    The lot is a digest of the matter's id, so that nobody can choose, and drawing twice draws the same. What became
    of the answer does not matter: one that was opened again the same day is as likely to be drawn as one confirmed.
    """
    with transaction_as(by):
        return draw(by=by, now=at or clock.now(), days=days)


def draw(*, by: Actor, now: datetime, days: int) -> int:
    one_at_a_time("matters.call_backs")
    since = now - timedelta(days=days)
    answer = Step.objects.filter(matter=OuterRef("pk"), move=Move.FINISH.value, at__gte=since, at__lte=now)
    # the newest step is not older than the answer, and that one has an index
    answered = Matter.objects.filter(Exists(answer), changed_at__gte=since, call_back=None)
    drawn = [id for id in answered.values_list("pk", flat=True) if is_drawn(id)]
    CallBack.objects.bulk_create([CallBack(matter_id=id, drawn_at=now) for id in drawn], ignore_conflicts=True)
    if drawn:
        data: dict[str, Any] = {"drawn": len(drawn)}
        record(type="matters.call_backs.drawn", subject="call-backs", by=by, at=now, data=data)
    return len(drawn)


def is_drawn(id: Any) -> bool:
    return int(digest(f"call-back:{id}")[:8], 16) % 100 < norms.sample_percent()
