"""The time now, in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Timezone aware, in UTC; compare and store as it is, show it in :data:`SHANGHAI`."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a wall calendar in the county."""
    return local_date(now())


def local_date(at: datetime) -> date:
    """The county's date at ``at`` (timezone aware): 16:00 UTC is already the next day."""
    if at.tzinfo is None:
        raise ValueError("a datetime without a timezone has no date")
    return at.astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), SHANGHAI)
