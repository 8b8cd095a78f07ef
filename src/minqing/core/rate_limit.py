"""Token buckets in PostgreSQL, shared by all processes. A room that counts has a table (key, full_at) of its own.

The generic cell rate algorithm (ITU-T I.371): a bucket is the one moment at which it will be full again. Make the
table UNLOGGED: it need not survive a crash, and a bucket that is not there is full.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from minqing.core import clock
from minqing.core.limits import Limit

# one statement, which returns a row exactly if a drop was taken
TAKE = """
INSERT INTO {table} AS b (key, full_at) VALUES (%(key)s, {now} + %(every)s::interval)
ON CONFLICT (key) DO UPDATE SET full_at = GREATEST(b.full_at, {now}) + %(every)s::interval
WHERE GREATEST(b.full_at, {now}) + %(every)s::interval <= {now} + %(all)s::interval
RETURNING true
"""
GIVEN = "%(now)s::timestamptz"
# reckoned once the row is locked: others may have taken theirs, and time gone by, while this call waited for it
LOCKED = "GREATEST(%(now)s::timestamptz, clock_timestamp())"


def allow(table: str, key: str, limit: Limit, *, at: datetime | None = None) -> bool:
    """Take a drop; False when none is left. ``table`` is a constant of the caller, never what somebody sent.

    Without ``at`` the time is that at which the row is locked. It stays so until the caller's transaction ends: give
    it a short one of its own.
    """
    values: dict[str, Any] = {
        "key": key,
        "now": at or clock.now(),
        "every": limit.every,
        "all": limit.burst * limit.every,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(table=table, now=GIVEN if at else LOCKED), values)
        return cursor.fetchone() is not None


def until_next(table: str, key: str, limit: Limit, *, at: datetime | None = None) -> timedelta:
    """How long an empty bucket needs for its next drop; looking takes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT full_at FROM {table} WHERE key = %s", [key])  # noqa: S608
        row = cursor.fetchone()
    return max(row[0] + limit.every - limit.furthest(at or clock.now()), timedelta()) if row else timedelta()
