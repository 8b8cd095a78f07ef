"""Limits of a rate as token buckets, each stored as the one moment at which it is full again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of ``burst`` drops that gains one drop each ``every``; each try takes one."""

    name: str
    burst: int
    every: timedelta

    def furthest(self, now: datetime) -> datetime:
        """Where ``full_at`` stands in a bucket that has just given its last drop."""
        return now + self.burst * self.every
