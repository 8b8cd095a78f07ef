"""Keeping count of each day: the journal moves it on, and all of it can be made anew from the rows."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Min

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.days import DAY, PIECE, pieces, span
from minqing.core.retry import one_at_a_time
from minqing.matters.models import DayCount, Matter, StaleDay
from minqing.matters.queries.days import COUNTED, VERSION, Days, count_days
from minqing.org.queries import top_id
from minqing.privacy.access import acting_as

LOCK = "matters.days"


def count_stale_days(*, by: Actor, at: datetime | None = None) -> int:
    """Count the days anew of which something changed, and those that passed since. Returns how many days.

    In pieces that are each committed: after all days have become stale nobody waits for a whole county's, and who is
    stopped goes on where he was. ``by`` is the system. Of a change that is not committed yet nothing is seen, neither
    its day nor its rows: its own event brings another call. Nothing is journalled: the counts say nothing that the
    rows do not.
    """
    at = at or clock.now()
    days = 0
    while True:
        counted = count_next_days(by=by, at=at)
        days += counted
        if counted < PIECE:
            return days


@transaction.atomic
def count_next_days(*, by: Actor, at: datetime | None = None) -> int:
    """Of :func:`count_stale_days` at most :data:`PIECE`, the first ones; fewer when there are no more."""
    at = at or clock.now()
    today = clock.local_date(at)
    one_at_a_time(LOCK)
    with acting_as(by), connection.cursor() as cursor:
        top = top_id()
        if top is None:
            return 0
        if StaleDay.objects.filter(day=None).exists():
            cursor.execute("DELETE FROM matters_staleday")
            DayCount.objects.all().delete()
        last = DayCount.objects.filter(kind=COUNTED, key=VERSION).aggregate(last=Max("day"))["last"]
        if last is None:
            # kept by another version, if at all
            DayCount.objects.all().delete()
            first = Matter.objects.aggregate(first=Min("received_at"))["first"]
            last = (clock.local_date(first) if first else today) - DAY
        stale = {day for day in StaleDay.objects.values_list("day", flat=True) if day}
        days = {day for day in stale if day <= last} | set(span(last + DAY, max({today, *stale})))
        some = sorted(days)[:PIECE]
        # before the rows are looked at: what changes from now on makes its day stale again
        cursor.execute("DELETE FROM matters_staleday WHERE day = ANY(%s)", [some])
        for first_day, last_day in pieces(some):
            keep(first_day, last_day, top=top, at=at)
    return len(some)


def rebuild_days(*, by: Actor, at: datetime | None = None) -> int:
    """Forget all that is kept and count every day from the rows. Returns how many days."""
    StaleDay.objects.create(day=None)
    return count_stale_days(by=by, at=at)


@transaction.atomic
def wrong_days(*, by: Actor, at: datetime | None = None) -> list[date]:
    """The days whose kept counts stand for what their rows do not say; none is the only right answer."""
    with acting_as(by):
        bounds = DayCount.objects.aggregate(first=Min("day"), last=Max("day"))
        if bounds["first"] is None:
            return []
        kept = Days(bounds["first"], bounds["last"]).kept
        wrong: set[date] = set()
        for first, last in pieces(sorted(kept)):
            rows = DayCount.objects.filter(day__range=(first, last)).exclude(kind=COUNTED)
            there = {(one.day, one.kind, one.key, one.measure): one.number for one in rows}
            due = count_days(first, last, now=at or clock.now())
            wrong |= {one[0] for one in there.keys() | due.keys() if there.get(one) != due.get(one)}
    return sorted(wrong)


def keep(first: date, last: date, *, top: int, at: datetime) -> None:
    """Write what differs from what was kept: of a day's thousand numbers one move changes a few."""
    numbers = {(day, COUNTED, VERSION, ""): 0 for day in span(first, last)} | count_days(first, last, now=at)
    kept = DayCount.objects.filter(day__range=(first, last))
    there = {(one.day, one.kind, one.key, one.measure): (one.number, one.pk) for one in kept}
    wrong = [pk for one, (number, pk) in there.items() if numbers.get(one) != number]
    DayCount.objects.filter(pk__in=wrong).delete()
    rows = [
        DayCount(area_id=top, day=one[0], kind=one[1], key=one[2], measure=one[3], number=number)
        for one, number in numbers.items()
        if one not in there or there[one][0] != number
    ]
    DayCount.objects.bulk_create(rows, batch_size=5_000)
