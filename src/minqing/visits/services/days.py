"""Keeping count of the households met on each day: a job moves it on, and all of it can be made anew from the rows."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.days import DAY, PIECE, pieces, span
from minqing.core.retry import one_at_a_time
from minqing.org.queries import top_id
from minqing.privacy.access import acting_as, transaction_as
from minqing.visits.models import StaleVisitDay, Visit, VisitedDay
from minqing.visits.queries.days import count_visited_days

LOCK = "visits.days"


def count_stale_visit_days(*, by: Actor, at: datetime | None = None) -> int:
    """Count the days anew of which something changed, and those that passed since. Returns how many days.

    In pieces that are each committed, the earliest first. ``by`` is the system. Of a change that is not committed yet
    nothing is seen, neither its day nor its rows: its own event brings another call. Nothing is journalled: the counts
    say nothing that the rows do not.
    """
    at = at or clock.now()
    days = 0
    while True:
        counted = count_next_visit_days(by=by, at=at)
        days += counted
        if counted < PIECE:
            return days


@transaction.atomic
def count_next_visit_days(*, by: Actor, at: datetime | None = None) -> int:
    """Of :func:`count_stale_visit_days` at most :data:`PIECE`, the first ones; fewer when there are no more."""
    today = clock.local_date(at or clock.now())
    one_at_a_time(LOCK)
    with acting_as(by):
        top = top_id()
        if top is None:
            return 0
        last = VisitedDay.objects.aggregate(last=Max("day"))["last"]
        if last is None:
            first = Visit.objects.aggregate(first=Min("visited_at"))["first"]
            last = (clock.local_date(first) if first else today) - DAY
        stale = set(StaleVisitDay.objects.values_list("day", flat=True))
        days = {day for day in stale if day <= last} | set(span(last + DAY, max({today, *stale})))
        some = sorted(days)[:PIECE]
        # before the rows are looked at: what changes from now on makes its day stale again
        StaleVisitDay.objects.filter(day__in=some).delete()
        for first_day, last_day in pieces(some):
            keep(first_day, last_day, top=top)
    return len(some)


def rebuild_visit_days(*, by: Actor, at: datetime | None = None) -> int:
    """Forget all that is kept and count every day from the rows. Returns how many days."""
    with transaction_as(by):
        one_at_a_time(LOCK)
        VisitedDay.objects.all().delete()
    return count_stale_visit_days(by=by, at=at)


@transaction.atomic
def wrong_visit_days(*, by: Actor) -> list[date]:
    """The days whose kept counts stand for what their rows do not say; none is the only right answer."""
    with acting_as(by):
        bounds = VisitedDay.objects.aggregate(first=Min("day"), last=Max("day"))
        if bounds["first"] is None:
            return []
        stale = set(StaleVisitDay.objects.values_list("day", flat=True))
        kept = [day for day in span(bounds["first"], bounds["last"]) if day not in stale]
        wrong: set[date] = set()
        for first, last in pieces(kept):
            rows = VisitedDay.objects.filter(day__range=(first, last), households__gt=0)
            there = {(one.day, one.former): one.households for one in rows}
            due = count_visited_days(first, last)
            wrong |= {one[0] for one in there.keys() | due.keys() if there.get(one) != due.get(one)}
    return sorted(wrong)


def keep(first: date, last: date, *, top: int) -> None:
    """Write what differs from what was kept; the last day also where nobody was met, to say how far is counted."""
    numbers = {(last, None): 0} | count_visited_days(first, last)
    kept = VisitedDay.objects.filter(day__range=(first, last))
    there = {(one.day, one.former): (one.households, one.pk) for one in kept}
    wrong = [pk for one, (number, pk) in there.items() if numbers.get(one) != number]
    VisitedDay.objects.filter(pk__in=wrong).delete()
    rows = [
        VisitedDay(area_id=top, day=one[0], former=one[1], households=number)
        for one, number in numbers.items()
        if one not in there or there[one][0] != number
    ]
    VisitedDay.objects.bulk_create(rows, batch_size=5_000)
