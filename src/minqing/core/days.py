"""Days that are counted one by one: the days between two, and days put together to spans of a bounded length."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
# days that are counted in one go
PIECE: Final = 31


def span(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def pieces(days: Iterable[date]) -> list[tuple[date, date]]:
    """``days``, which are in order, as spans without gaps of at most :data:`PIECE` days."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day == found[-1][1] + DAY and (day - found[-1][0]).days < PIECE:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
