"""Free times of a provider: one query for what is listed and for what may be booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from minqing.bookings.enums import LIVING, HoursKind, WaitState
from minqing.bookings.models import Booking, Hours, Service, Wait
from minqing.bookings.rules import AHEAD, LEAD, Span, free_starts
from minqing.core import clock
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which the provider is there: its free times, and how many wait for one where there is none."""

    day: date
    times: Sequence[datetime]
    waiting: int = 0


def open_spans(hours: Sequence[Hours], day: date) -> Iterator[Span]:
    """When the provider is there on that day."""
    if any(one.kind == HoursKind.AWAY and one.day == day for one in hours):
        return
    for one in hours:
        if one.begins and one.ends and (one.day == day or one.weekday == day.weekday()):
            yield (
                datetime.combine(day, one.begins, clock.SHANGHAI),
                datetime.combine(day, one.ends, clock.SHANGHAI),
            )


def busy_spans(provider: int, since: datetime, until: datetime) -> list[Span]:
    """What is taken, of everybody: who asks learns times and nobody's name."""
    with acting_as(system_actor("bookings.times")):
        rows = Booking.objects.filter(provider=provider, state__in=sorted(LIVING))
        return list(rows.filter(begins_at__lt=until, ends_at__gt=since).values_list("begins_at", "ends_at"))


def days_of(service: Service, at: datetime, *, most: int = 60) -> list[Day]:
    """The days to come on which the provider is there, with free times, until there are so many of them."""
    first, last = clock.local_date(at), clock.local_date(at + AHEAD)
    hours = list(Hours.objects.filter(provider=service.provider_id, ended_at=None))
    busy = busy_spans(service.provider_id, clock.midnight(first), clock.midnight(last + timedelta(days=1)))
    length, waiting, found, days = timedelta(minutes=service.minutes), waits_by_day(service, first), 0, []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        spans = list(open_spans(hours, day))
        starts = free_starts(spans, busy, length, at + LEAD)
        starts = [one for one in starts if one <= at + AHEAD]
        # a day whose times are past is no day to wait for
        if starts or any(end - length >= at + LEAD for _begin, end in spans):
            days.append(Day(day, starts, waiting.get(day, 0)))
        found += len(starts)
        if found >= most:
            break
    return days


def waits_by_day(service: Service, since: date) -> dict[date, int]:
    found: dict[date, int] = {}
    with acting_as(system_actor("bookings.times")):
        rows = Wait.objects.filter(service=service, day__gte=since, state=WaitState.WAITING.value)
        for day in rows.values_list("day", flat=True):
            found[day] = found.get(day, 0) + 1
    return found


def day_of(service: Service, day: date, at: datetime) -> Day | None:
    """That day, where the provider is there and it is not over."""
    return next((one for one in days_of(service, at, most=10_000) if one.day == day), None)


def next_times(service: Service, at: datetime, *, most: int = 3) -> list[datetime]:
    times = [one for day in days_of(service, at, most=most) for one in day.times]
    return times[:most]
