"""What a person should look at among claims that were confirmed: never a mark, only what was noticed and the claims.

Each is a sentence about the claims of the last :data:`WITHIN`; nobody is compared with anybody (decision 0068).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.org.queries import account_names
from minqing.privacy.access import braces

WITHIN: Final = timedelta(days=90)
# so many are enough that it is no chance, and few enough that it is soon seen
ALL_FROM, HOUR_FROM, EACH_FROM = 20, 15, 5
SHOWN: Final = 20
# of each kind the newest: of a whole county there may be hundreds, and each township sees its own
MOST: Final = 20
# the list of an activity is confirmed by one press, and counts as one
EACH: Final = "count(DISTINCT CASE WHEN way = 'activity' THEN decided_at::text ELSE id::text END)"
# in some village all claims do prove true: what is shown is the claims, for somebody to look at. A refusal stays one of
# who refused, also once somebody else decided on an objection to it; one to which somebody objected is undecided
ALL: Final = f"""
    WITH claims AS (
        SELECT id, way, state, decided_by_id, decided_at, refused_by_id FROM earning_claim
        WHERE area_id = ANY(%(areas)s::int[]) AND way <> 'itself' AND decided_at >= %(since)s
    )
    SELECT decided_by_id, {EACH}, (array_agg(id ORDER BY decided_at DESC))[1:%(shown)s]
    FROM claims c
    WHERE decided_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM claims r WHERE r.refused_by_id = c.decided_by_id)
    GROUP BY decided_by_id HAVING {EACH} >= %(all)s AND bool_and(state IN ('awarded', 'corrected'))
    ORDER BY max(decided_at) DESC LIMIT %(most)s
"""  # noqa: S608  # no text from outside
HOURS: Final = f"""
    SELECT decided_by_id, date_trunc('hour', decided_at, 'Asia/Shanghai'), {EACH},
        (array_agg(id ORDER BY decided_at DESC))[1:%(shown)s]
    FROM earning_claim
    WHERE area_id = ANY(%(areas)s::int[]) AND way <> 'itself' AND decided_at >= %(since)s
        AND decided_by_id IS NOT NULL AND state IN ('awarded', 'corrected')
    GROUP BY 1, 2 HAVING {EACH} >= %(hour)s ORDER BY 2 DESC LIMIT %(most)s
"""  # noqa: S608  # no text from outside
CIRCLES: Final = """
    WITH pairs AS (
        SELECT taken_by_id AS one, decided_by_id AS other, count(*) AS claims,
            (array_agg(id ORDER BY decided_at DESC))[1:%(shown)s] AS ids, max(decided_at) AS newest
        FROM earning_claim
        WHERE area_id = ANY(%(areas)s::int[]) AND way = 'paper' AND decided_at >= %(since)s
            AND taken_by_id IS NOT NULL AND decided_by_id IS NOT NULL
            AND state IN ('awarded', 'corrected')
        GROUP BY 1, 2 HAVING count(*) >= %(each)s
    )
    SELECT p.one, p.other, p.claims, q.claims, p.ids || q.ids
    FROM pairs p JOIN pairs q ON q.one = p.other AND q.other = p.one WHERE p.one < p.other
    ORDER BY greatest(p.newest, q.newest) DESC LIMIT %(most)s
"""
# one clerk takes a table of paper books over: the others read by whom, when, and how much it was
BOOKS: Final = """
    SELECT substr(actor, 6)::uuid, date_trunc('day', at, 'Asia/Shanghai'), count(*), sum((data->>'points')::bigint)
    FROM journal_event
    WHERE type = 'earning.balance.opened' AND at >= %(since)s AND (data->>'area')::int = ANY(%(areas)s::int[])
        AND actor LIKE 'user:%%'
    GROUP BY 1, 2 ORDER BY 2 DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A sentence, and the claims that it is about, the last first and not all of very many."""

    sentence: str
    claims: Sequence[UUID]


def noticed_in(areas: Collection[int], *, at: datetime | None = None) -> list[Noticed]:
    """The newest of each kind, in the order of kinds, then of names: five queries, whatever there is."""
    asked = {
        "areas": braces(frozenset(areas)) or "{}",
        "since": (at or clock.now()) - WITHIN,
        "shown": SHOWN,
        "most": MOST,
        "all": ALL_FROM,
        "hour": HOUR_FROM,
        "each": EACH_FROM,
    }
    found = [rows(sql, asked) for sql in (ALL, HOURS, CIRCLES, BOOKS)]
    people = {one for kind in found for row in kind for one in row[:2] if isinstance(one, UUID)}
    names = account_names(people)
    told = zip((confirms_all, bursts, circles, taken_over), found, strict=True)
    return [one for tell, kind in told for one in tell(kind, names)]


def rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def confirms_all(found: list[tuple[Any, ...]], names: dict[UUID, str]) -> Iterator[Noticed]:
    for name, claims, ids in sorted((names.get(who, ""), claims, ids) for who, claims, ids in found):
        sentence = _("%(who)s confirmed all %(n)s claims that they decided in the last 90 days, and refused none.")
        yield Noticed(sentence % {"who": name, "n": claims}, ids)


def bursts(found: list[tuple[Any, ...]], names: dict[UUID, str]) -> Iterator[Noticed]:
    for who, hour, claims, ids in found:
        begins = hour.astimezone(clock.SHANGHAI)
        given = {
            "who": names.get(who, ""),
            "n": claims,
            "day": date_format(begins, "MONTH_DAY_FORMAT"),
            "begins": f"{begins:%H:%M}",
            "ends": f"{begins + timedelta(hours=1):%H:%M}",
        }
        sentence = _("%(who)s confirmed %(n)s claims on %(day)s between %(begins)s and %(ends)s.")
        yield Noticed(sentence % given, ids)


def taken_over(found: list[tuple[Any, ...]], names: dict[UUID, str]) -> Iterator[Noticed]:
    for who, day, books, points in found:
        told = {
            "who": names.get(who, ""),
            "n": books,
            "points": points,
            "day": date_format(day.astimezone(clock.SHANGHAI), "MONTH_DAY_FORMAT"),
        }
        sentence = _("%(who)s took over %(n)s paper books with %(points)s points on %(day)s. Are they signed?")
        yield Noticed(sentence % told, ())


def circles(found: list[tuple[Any, ...]], names: dict[UUID, str]) -> Iterator[Noticed]:
    told = [(names.get(one, ""), names.get(other, ""), n, m, ids) for one, other, n, m, ids in found]
    for one, other, n, m, ids in sorted(told):
        sentence = _(
            "What %(one)s keyed in %(other)s confirmed (%(n)s claims), and what %(other)s keyed in %(one)s confirmed "
            "(%(m)s claims)."
        )
        yield Noticed(sentence % {"one": one, "other": other, "n": n, "m": m}, ids)
