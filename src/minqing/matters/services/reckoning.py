"""What the system does by itself as time passes: deadlines reckoned anew, ended pauses, the ladder, the lot.

Each opens transactions of its own and acts in them as ``by``, a system actor that sees all areas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.core.ids import digest, new_id
from minqing.journal.services import record
from minqing.matters import norms
from minqing.matters.enums import RUNNING, ClockKind, Move, State
from minqing.matters.models import CallBack, Clock, Matter, Pause
from minqing.matters.queries.clocks import records_of
from minqing.matters.services.clocks import deadline_of, settle_due
from minqing.matters.services.steps import Turn, finish
from minqing.matters.services.supervising import escalate_matter
from minqing.matters.services.waiting import resume_matter
from minqing.matters.words import in_house
from minqing.org.queries import units_by_calendar
from minqing.privacy.access import transaction_as

BATCH = 500
MOVED = _("The working days have changed. Due {after} instead of {before}.")


@dataclass(frozen=True)
class Reckoned:
    """How many running clocks were looked at, and of how many the deadline moved."""

    looked: int
    moved: int


def reckon_clocks(*, by: Actor, at: datetime | None = None) -> Reckoned:
    """Reckon every running clock anew whose calendar is not the present one. Twice is the same as once.

    In batches, each a transaction of its own with one event; may be stopped and begun again. A matter whose own
    deadline moves has a step that says from when to when.
    """
    at = at or clock.now()
    looked = moved = 0
    after = None
    while batch := stale_clocks(after, by=by):
        one = reckon_batch(batch, by=by, at=at)
        looked, moved, after = looked + one.looked, moved + one.moved, batch[-1]
    return Reckoned(looked, moved)


def stale_clocks(after: Any, *, by: Actor) -> list[Any]:
    """The next running clocks, in order of id, that were reckoned with other working days than today's."""
    stale = Q(pk__in=[])
    for fingerprint, units in units_by_calendar().items():
        theirs = Q(unit__in=[unit for unit in units if unit is not None])
        stale |= (theirs | Q(unit=None) if None in units else theirs) & ~Q(calendar=fingerprint)
    rows = Clock.objects.filter(stale, stopped_at=None)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    with transaction_as(by):
        return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def reckon_batch(ids: list[Any], *, by: Actor, at: datetime) -> Reckoned:
    """These clocks, locked; those stopped in the meantime are left alone."""
    with transaction_as(by):
        return reckon_locked(ids, by=by, at=at)


def reckon_locked(ids: list[Any], *, by: Actor, at: datetime) -> Reckoned:
    locked = Clock.objects.select_for_update(of=("self",)).filter(pk__in=ids, stopped_at=None)
    rows = list(locked.select_related("matter", "unit").order_by("pk"))
    records = records_of({row.matter_id for row in rows})
    before = {row.pk: row.due_at for row in rows}
    changed = [row for row in rows if settle_due(row, records[row.matter_id], at)]
    Clock.objects.bulk_update(rows, ["due_at", "provisional", "calendar", "escalate_at"])
    for row in changed:
        if row.kind == ClockKind.FINISH and row.matter.state in RUNNING:
            tell_moved(row, before[row.pk], by=by, at=at)
    if changed:
        ids_moved = [str(row.matter_id) for row in changed]
        data: dict[str, Any] = {"looked": len(rows), "moved": len(changed), "matters": ids_moved}
        record(type="matters.clocks.reckoned", subject="clocks", by=by, at=at, data=data)
    return Reckoned(len(rows), len(changed))


def tell_moved(row: Clock, before: datetime | None, *, by: Actor, at: datetime) -> None:
    text = in_house(format_lazy(MOVED, before=written(before), after=written(row.due_at)))
    turn = Turn(new_id(), row.matter, Move.RECKON, by, at)
    finish(turn, text=text, **deadline_of(row))


def written(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else "–"


def each(matters: QuerySet[Any, Any], act: Callable[[Matter], Any], *, by: Actor) -> int:
    """Do ``act`` to each matter in a transaction of its own, so that one that cannot be done holds up no other."""
    done = 0
    with transaction_as(by):
        ids = list(matters)
    for id in ids:
        with transaction_as(by):
            # another worker may have been here a moment ago
            matter = Matter.objects.select_for_update(skip_locked=True).filter(pk=id).first()
            if matter is not None and act(matter) is not None:
                done += 1
    return done


def resume_due(*, by: Actor, at: datetime | None = None) -> int:
    """Take up again every suspended matter whose planned end has passed; returns how many."""
    now = at or clock.now()
    over = Pause.objects.filter(ended_at=None, planned_end__lte=now, matter__state=State.SUSPENDED.value)
    matters = over.order_by("planned_end").values_list("matter_id", flat=True)
    return each(matters, lambda matter: resume_matter(id=new_id(), matter=matter, by=by, at=now), by=by)


def escalate_due(*, by: Actor, at: datetime | None = None) -> int:
    """Carry every overdue matter up the ladder as far as it is time for; returns how many rungs were climbed."""
    now = at or clock.now()
    climbed = 0
    # each rung is a step of its own; the ladder ends
    for _rung in norms.ladder():
        late = Clock.objects.filter(stopped_at=None, escalate_at__lte=now, matter__state__in=sorted(RUNNING))
        matters = late.order_by("escalate_at").values_list("matter_id", flat=True)
        climbed += each(matters, lambda matter: escalate_matter(id=new_id(), matter=matter, by=by, at=now), by=by)
    return climbed


def draw_call_backs(*, by: Actor, at: datetime | None = None, days: int = 7) -> int:
    """Draw by lot which of the matters answered in the last ``days`` are called back; returns how many were drawn.

    The lot is a digest of the matter's id, so that nobody can choose, and drawing twice draws the same.
    """
    with transaction_as(by):
        return draw(by=by, now=at or clock.now(), days=days)


def draw(*, by: Actor, now: datetime, days: int) -> int:
    answered = Matter.objects.filter(
        finished_at__gte=now - timedelta(days=days), finished_at__lte=now, call_back=None,
        state__in=[State.FINISHED.value, State.CONFIRMED.value],
    )  # fmt: skip
    drawn = [id for id in answered.values_list("pk", flat=True) if is_drawn(id)]
    CallBack.objects.bulk_create([CallBack(matter_id=id, drawn_at=now) for id in drawn], ignore_conflicts=True)
    if drawn:
        data: dict[str, Any] = {"drawn": len(drawn)}
        record(type="matters.call_backs.drawn", subject="call-backs", by=by, at=now, data=data)
    return len(drawn)


def is_drawn(id: Any) -> bool:
    return int(digest(f"call-back:{id}")[:8], 16) % 100 < norms.sample_percent()
