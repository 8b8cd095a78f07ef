"""Numbers for people, in the order of a sequence of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from minqing.core import clock
from minqing.core.ids import human_number


@dataclass(frozen=True, slots=True)
class Numbers:
    """``XF-2026-000123-4``: a prefix, the year, and what ``sequence`` gives next."""

    prefix: str
    sequence: str

    def next(self, at: datetime) -> str:
        return self.many([at])[0]

    def many(self, moments: Sequence[datetime]) -> list[str]:
        """One for each moment, in one statement."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [self.sequence, len(moments)])
            serials = [row[0] for row in cursor.fetchall()]
        return [self.of(serial, at) for serial, at in zip(serials, moments, strict=True)]

    def of(self, serial: int, at: datetime) -> str:
        return human_number(self.prefix, clock.local_date(at).year, serial)
