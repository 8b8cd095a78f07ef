"""Matters received and finished day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField
from django.db.models.functions import TruncDay, TruncMonth
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.days import span
from minqing.matters.queries.overview.counts import Counts

# longer periods are drawn by month
MOST_DAYS = 92


def trend(counts: Counts) -> dict[str, Any]:
    """Received and finished by local day, or by month for long periods, as the chart takes it: two queries."""
    scope = counts.scope
    monthly = (scope.until - scope.since).days > MOST_DAYS
    trunc: Callable[..., Any] = TruncMonth if monthly else TruncDay
    series = []
    for field, name, rest in (
        ("received_at", "received", counts.uncounted),
        ("finished_at", "finished", counts.unfinished),
    ):
        on = trunc(field, tzinfo=clock.SHANGHAI, output_field=DateField())
        count = Counter(dict(rest.annotate(on=on).values_list("on").annotate(n=Count("id"))))
        for day, number in (counts.days.by_day(name) if counts.days else {}).items():
            count[day.replace(day=1) if monthly else day] += number
        series.append(count)
    steps = months(scope.since, scope.until) if monthly else days(scope.since, scope.until)
    starts = [one.replace(day=1) if monthly else one for one, _last in steps]
    return {
        "kind": "line",
        "categories": [f"{one.year}-{one.month:02d}" if monthly else f"{one.month}-{one.day}" for one in starts],
        "series": [
            {"name": name, "values": [count.get(one, 0) for one in starts]}
            for name, count in zip((_("Received"), _("Finished")), series, strict=True)
        ],
        "links": [scope.link("matters:list", since=first, until=last) for first, last in steps],
        "unit": _("matters"),
    }


def days(since: date, until: date) -> list[tuple[date, date]]:
    return [(day, day) for day in span(since, until)]


def months(since: date, until: date) -> list[tuple[date, date]]:
    """First and last day of each calendar month, cut to the period."""
    found, first = [], since
    while first <= until:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, min(until, following - timedelta(days=1))))
        first = following
    return found
