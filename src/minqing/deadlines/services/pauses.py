"""Pauses and more time, as rows. The room's own moves call this inside their transaction, with the thing locked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.deadlines import Target
from minqing.deadlines.books import Book, Thing, rows_of
from minqing.deadlines.rows import Clock, Extension, Pause
from minqing.deadlines.rules import MOST_EXTENSIONS, may_ask_extension, may_decide_extension


def end_of_waiting(until: date, *, at: datetime, longest: int) -> datetime:
    """When a pause up to the local day ``until`` ends; Invalid for a day that is past or more than ``longest`` off."""
    end = datetime.combine(until + timedelta(days=1), time(), clock.SHANGHAI)
    if not at < end <= at + timedelta(days=longest):
        sentence = _("Choose the day up to which it waits: today or later, at most {days} days ahead.")
        raise Invalid("until", format_lazy(sentence, days=longest), days=longest)
    return end


def begin_pause(
    book: Book[Clock], thing: Thing, *, id: UUID, reason: str, stops: Iterable[str], until: datetime, at: datetime
) -> Pause:
    """From now on the kinds of clocks in ``stops`` stand still; reckon the running ones anew afterwards."""
    row: Pause = rows_of(book.pause).create(
        id=id, **{book.of: thing}, reason=str(reason), started_at=at, planned_end=until, stops=sorted(map(str, stops))
    )
    return row


def end_pause(book: Book[Clock], thing: Thing, *, at: datetime) -> None:
    """What stood still runs again; reckon the running clocks anew afterwards."""
    book.pauses_of(thing).filter(ended_at=None).update(ended_at=Greatest(F("started_at"), at))


def ask_for_more(
    book: Book[Clock],
    thing: Thing,
    row: Clock | None,
    more: Target,
    *,
    id: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    most: int = MOST_EXTENSIONS,
) -> int:
    """Ask for ``more`` time for the running clock ``row``; returns for the how manieth time.

    Raises Invalid after the deadline or where it was asked too often, Conflict while a request is open. What was asked
    for an earlier clock, or fell away undecided, does not count.
    """
    earlier: list[bool | None] = []
    if row:
        asked = rows_of(book.extension).filter(clock=row.pk).exclude(granted=False, decided_by="")
        earlier += asked.values_list("granted", flat=True)
    allowed = may_ask_extension(due_at=row.due_at if row else None, now=at, before=earlier, most=most)
    if row is None or not allowed:
        refusal = Conflict if allowed.code == "asked_already" else Invalid
        raise refusal(allowed.code, allowed.reason)
    if more.amount < 1:
        raise Invalid("days", _("Ask for at least one working day."))
    rows_of(book.extension).create(
        id=id, **{book.of: thing}, clock=row, more=more.as_json(), reason=reason, asked_at=at, asked_by=by.ref
    )
    return len(earlier) + 1


def decide_more(book: Book[Clock], thing: Thing, *, granted: bool, by: Actor, at: datetime) -> Extension:
    """Grant or refuse the open request; where it is granted, reckon the running clocks anew afterwards.

    Raises Conflict where nothing is asked for, Refused for the one who asked.
    """
    row: Extension | None = book.extensions_of(thing).select_for_update().filter(granted=None).first()
    if row is None:
        raise Conflict("nothing_asked", _("Nobody asks for more time at present."))
    may_decide_extension(by, asked_by=row.asked_by).require()
    row.granted, row.decided_at, row.decided_by = granted, at, by.ref
    row.save(update_fields=["granted", "decided_at", "decided_by"])
    return row


def drop_requests(book: Book[Clock], thing: Thing, *, at: datetime) -> None:
    """What was asked for falls away with its deadline: decided by nobody."""
    if book.extension:
        book.extensions_of(thing).filter(granted=None).update(granted=False, decided_at=at)
