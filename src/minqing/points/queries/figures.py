"""Sums of what people of some areas got and spent, month by month; nobody's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from minqing.core import clock
from minqing.points.enums import Code
from minqing.points.rules import FEW
from minqing.privacy.access import braces

MONTHS = """
    SELECT date_trunc('month', leg.posted_at AT TIME ZONE 'Asia/Shanghai')::date, leg.code, sum(leg.amount)::bigint
    FROM (
        SELECT credit_id AS account, amount, code, posted_at FROM points_transfer
        UNION ALL SELECT debit_id, -amount, code, posted_at FROM points_transfer
    ) AS leg
    JOIN points_holder h ON h.account_id = leg.account
    JOIN points_account a ON a.id = leg.account AND a.kind IN ('resident', 'household')
    WHERE h.area_id = ANY(%s::int[]) GROUP BY 1, 2 ORDER BY 1
"""
PEOPLE = """
    SELECT count(DISTINCT h.account_id) FROM points_transfer t
    JOIN points_holder h ON h.account_id = t.credit_id
    WHERE h.area_id = ANY(%s::int[]) AND t.code = 'award' AND t.posted_at >= %s
"""


@dataclass(frozen=True, slots=True)
class Month:
    """What came to people's accounts and went in a month, by what for, and what they held when it ended."""

    month: date
    sums: Mapping[Code, int] = field(default_factory=dict)
    outstanding: int = 0

    @property
    def issued(self) -> int:
        return self.sums.get(Code.AWARD, 0) + self.sums.get(Code.OPENING, 0)

    @property
    def redeemed(self) -> int:
        return -self.sums.get(Code.REDEEM, 0)

    @property
    def lapsed(self) -> int:
        return -self.sums.get(Code.EXPIRE, 0) - self.sums.get(Code.GIVE_UP, 0)

    @property
    def corrected(self) -> int:
        """What was given back, less what was a mistake."""
        return self.sums.get(Code.CORRECT, 0) + self.sums.get(Code.WRITE_OFF, 0)


def months_of(areas: Collection[int]) -> list[Month]:
    """All months in which something came or went, the last first."""
    sums: dict[date, dict[Code, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [braces(frozenset(areas)) or "{}"])
        for month, code, amount in cursor.fetchall():
            sums.setdefault(month, {})[Code(code)] = amount
    made, held = [], 0
    for month in sorted(sums):
        held += sum(sums[month].values())
        made.append(Month(month, sums[month], held))
    return made[::-1]


def this_month(areas: Collection[int]) -> Month:
    first = clock.today().replace(day=1)
    return next((one for one in months_of(areas) if one.month == first), Month(first))


def took_part(areas: Collection[int]) -> int | None:
    """How many were thanked this month; None for so few that one would know who."""
    since = clock.midnight(clock.today().replace(day=1))
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [braces(frozenset(areas)) or "{}", since])
        count = int(cursor.fetchone()[0])
    return None if 0 < count < FEW else count
