"""Token buckets in PostgreSQL, shared by all processes. A room that counts has a table (key, full_at) of its own.

The generic cell rate algorithm (ITU-T I.371): a bucket is the one moment at which it will be full again. Make the
table UNLOGGED: it need not survive a crash, and a bucket that is not there is full.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from minqing.core.limits import Limit

# one statement, which returns a row exactly if a drop was taken
TAKE = """
INSERT INTO {table} AS b (key, full_at) VALUES (%(key)s, %(now)s::timestamptz + %(every)s::interval)
ON CONFLICT (key) DO UPDATE SET full_at = GREATEST(b.full_at, %(now)s) + %(every)s::interval
WHERE GREATEST(b.full_at, %(now)s) + %(every)s::interval <= %(furthest)s
RETURNING true
"""


def take(table: str, key: str, limit: Limit, *, at: datetime) -> bool:
    """Take a drop; False when none is left. ``table`` is a constant of the caller, never what somebody sent.

    The row stays locked until the caller's transaction ends: give it a short one of its own.
    """
    values: dict[str, Any] = {"key": key, "now": at, "every": limit.every, "furthest": limit.furthest(at)}
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(table=table), values)
        return cursor.fetchone() is not None


def until_next(table: str, key: str, limit: Limit, *, at: datetime) -> timedelta:
    """How long an empty bucket needs for its next drop; looking takes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT full_at FROM {table} WHERE key = %s", [key])  # noqa: S608
        row = cursor.fetchone()
    return max(row[0] + limit.every - limit.furthest(at), timedelta()) if row else timedelta()
