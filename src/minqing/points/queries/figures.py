"""Sums of what people of some areas got and spent, month by month; nobody's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from minqing.core import clock
from minqing.core.days import DAY
from minqing.org.enums import Level
from minqing.points.enums import Code
from minqing.points.rules import FEW
from minqing.privacy.access import braces
from minqing.privacy.suppression import THRESHOLD

# both sides of each transfer, as far as it came to people's accounts or went from them, where each lay then; what an
# account has goes with it to the place where it lies next
LEGS = """
    FROM (
        WITH place AS (
            SELECT s.account_id, s.area_id, s.until,
                lag(s.until, 1, '-infinity') OVER (PARTITION BY s.account_id ORDER BY s.until, s.id) AS since
            FROM points_stay s
            UNION ALL
            SELECT h.account_id, h.area_id, 'infinity', coalesce(
                (SELECT max(s.until) FROM points_stay s WHERE s.account_id = h.account_id), '-infinity'
            )
            FROM points_holder h
        )
        SELECT p.account_id, p.area_id, t.amount, t.code, t.posted_at
        FROM (
            SELECT credit_id AS account, amount, code, posted_at FROM points_transfer
            UNION ALL SELECT debit_id, -amount, code, posted_at FROM points_transfer
        ) AS t
        JOIN place p ON p.account_id = t.account AND t.posted_at >= p.since AND t.posted_at < p.until
        UNION ALL SELECT s.account_id, s.area_id, -s.balance, 'move', s.until FROM points_stay s WHERE s.balance > 0
        UNION ALL
        SELECT p.account_id, p.area_id, s.balance, 'move', s.until
        FROM points_stay s JOIN place p ON p.account_id = s.account_id AND p.since = s.until WHERE s.balance > 0
    ) AS leg
    JOIN points_account a ON a.id = leg.account_id AND a.kind IN ('resident', 'household')
    WHERE leg.area_id = ANY(%s::int[])
"""
MONTH = "date_trunc('month', leg.posted_at AT TIME ZONE 'Asia/Shanghai')::date"
# once by month and once by area, in one walk through the transfers; and of how many people those of an area are
OVERVIEW = f"""
    SELECT {MONTH}, leg.code, sum(leg.amount)::bigint, leg.area_id, count(DISTINCT leg.account_id) {LEGS}
    GROUP BY GROUPING SETS ((1, 2), (4, 2), (4)) ORDER BY 1, 4
"""  # no text from outside
ACCOUNTS = """
    SELECT h.area_id, count(*) FROM points_holder h
    JOIN points_account a ON a.id = h.account_id AND a.kind IN ('resident', 'household')
    WHERE h.area_id = ANY(%s::int[]) GROUP BY 1
"""
RUNS_OUT = """
    SELECT l.expires_on, sum(l.remaining)::bigint FROM points_lot l
    JOIN points_holder h ON h.account_id = l.account_id
    JOIN points_account a ON a.id = l.account_id AND a.kind IN ('resident', 'household')
    WHERE h.area_id = ANY(%s::int[]) AND l.remaining > 0 AND l.expires_on >= %s
    GROUP BY 1 ORDER BY 1 LIMIT 4
"""
PEOPLE = (
    f"SELECT count(DISTINCT leg.account_id) {LEGS} AND leg.code = 'award' AND leg.amount > 0 AND leg.posted_at >= %s"
)
# how many people each sum is of, and the sums
TOGETHER = f"""
    SELECT count(DISTINCT leg.account_id) FILTER (WHERE leg.code = 'award'),
        count(DISTINCT leg.account_id) FILTER (WHERE leg.code IN ('award', 'opening')),
        count(DISTINCT leg.account_id) FILTER (WHERE leg.code = 'redeem'),
        coalesce(sum(leg.amount) FILTER (WHERE leg.code IN ('award', 'opening')), 0)::bigint,
        coalesce(-sum(leg.amount) FILTER (WHERE leg.code = 'redeem'), 0)::bigint
    {LEGS} AND leg.posted_at >= %s AND leg.posted_at < %s
"""  # no text from outside


@dataclass(frozen=True, slots=True)
class Together:
    """What people of some place got and spent together, each None where so few did that it would tell of somebody."""

    people: int | None
    issued: int | None
    redeemed: int | None


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

    @property
    def moved(self) -> int:
        """What came with people and went with them, and whatever else the columns beside it do not name."""
        return sum(self.sums.values()) - self.issued + self.redeemed + self.lapsed - self.corrected


@dataclass(frozen=True, slots=True)
class VillageFigures:
    """A village, what came to its people and went; ``shown`` is False for so few that it would tell of somebody."""

    name: str
    sums: Month
    shown: bool

    @property
    def told(self) -> Month | None:
        return self.sums if self.shown else None


def months(found: Iterable[tuple[date, str, int]]) -> list[Month]:
    """All months in which something came or went, the last first."""
    sums: dict[date, dict[Code, int]] = {}
    for month, code, amount in found:
        sums.setdefault(month, {})[Code(code)] = amount
    made, held = [], 0
    for month in sorted(sums):
        held += sum(sums[month].values())
        made.append(Month(month, sums[month], held))
    return made[::-1]


def whole_of(found: Sequence[Month]) -> Month:
    """All those months together: what its sums come to is what people have now."""
    sums: dict[Code, int] = {}
    for one in found:
        for code, amount in one.sums.items():
            sums[code] = sums.get(code, 0) + amount
    return Month(date.min, sums, sum(sums.values()))


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(given))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def overview_of(areas: Sequence[Any]) -> tuple[list[Month], list[VillageFigures]]:
    """The months of all those areas, the last first, and each village among them in their order; two queries."""
    asked = braces(frozenset(one.id for one in areas)) or "{}"
    found = rows(OVERVIEW, asked)
    by_area = [(area, code, amount) for _month, code, amount, area, _of in found if area is not None and code]
    behind = {area: of for _month, code, _amount, area, of in found if area is not None and not code}
    people = dict(rows(ACCOUNTS, asked))
    return months(row[:3] for row in found if row[3] is None), places(areas, by_area, people, behind)


def places(
    areas: Sequence[Any],
    sums: Sequence[tuple[int, str, int]],
    people: Mapping[int, int],
    behind: Mapping[int, int],
) -> list[VillageFigures]:
    """What came and went in each village, its grids included; of one where nobody ever had any there is none.
    ``behind`` each sum are those to whom something came: an account that nothing ever came to hides nobody.
    """
    villages = [one for one in areas if one.level == Level.VILLAGE]
    of = {one.id: village.id for village in villages for one in areas if one.path.startswith(village.path)}
    totals: dict[int, dict[Code, int]] = {one.id: {} for one in villages}
    holders, told_of = dict.fromkeys(totals, 0), dict.fromkeys(totals, 0)
    for area, code, amount in sums:
        if area in of:
            here = totals[of[area]]
            here[Code(code)] = here.get(Code(code), 0) + amount
    for area in of:
        holders[of[area]] += people.get(area, 0)
        told_of[of[area]] += behind.get(area, 0)
    hidden = too_few(told_of)
    return [
        VillageFigures(one.name, Month(date.min, totals[one.id], sum(totals[one.id].values())), one.id not in hidden)
        for one in villages
        if holders[one.id] or told_of[one.id]
    ]


def too_few(holders: Mapping[int, int]) -> set[int]:
    """Those of so few that their sums tell of somebody; never one alone, which the total of all would give away."""
    some = sorted((count, place) for place, count in holders.items() if count)
    few = [place for count, place in some if count < FEW]
    return set(few) | ({place for _count, place in some[:2]} if len(few) == 1 else set())


def running_out_in(areas: Collection[int]) -> list[tuple[date, int]]:
    """The next days on which points run out, and how many."""
    return [(day, points) for day, points in rows(RUNS_OUT, braces(frozenset(areas)) or "{}", clock.today())]


def together_in(areas: Collection[int], today: date | None = None) -> Together:
    """Last month; for everybody to read. Of the month that runs, two looks would tell what came in between."""
    until = (today or clock.today()).replace(day=1)
    between = clock.midnight((until - DAY).replace(day=1)), clock.midnight(until)
    ((thanked, got, spent, issued, redeemed),) = rows(TOGETHER, braces(frozenset(areas)) or "{}", *between)
    return Together(
        *(unless_few(*one, few=THRESHOLD) for one in ((thanked, thanked), (got, issued), (spent, redeemed)))
    )


def unless_few(people: int, what: int, *, few: int = FEW) -> int | None:
    """What so many people did; nothing for so few that one would know who."""
    return None if 0 < people < few else what


def took_part(areas: Collection[int]) -> int | None:
    """How many were thanked this month; None for so few that one would know who."""
    since = clock.midnight(clock.today().replace(day=1))
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [braces(frozenset(areas)) or "{}", since])
        count = int(cursor.fetchone()[0])
    return unless_few(count, count)
