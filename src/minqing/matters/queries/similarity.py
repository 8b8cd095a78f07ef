"""Matters like one that is being typed or lies before somebody: in the same place, lately, of what one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.matters.enums import OPEN, State
from minqing.matters.models import Matter
from minqing.matters.models.naming import word_of
from minqing.matters.queries.visibility import readable, visible_matters
from minqing.matters.similarity import LEAST, Rarity, likeness, rarest, shared_words
from minqing.matters.words import Matches, sounds_of, words_of
from minqing.org.queries import area_path, areas_below

# further back it is another matter, even in the same words
DAYS: Final = 180
# of how many messages of the place the rarity of a pair is told, and by how many rare pairs candidates are found
SAMPLE: Final = 300
ASKED: Final = 14
CANDIDATES: Final = 50
SHOWN: Final = 5
# the same village counts more than the same township
ELSEWHERE: Final = 0.85


@dataclass(frozen=True)
class Alike:
    """A matter like the one asked about. ``score`` from 0 to 1; ``words`` and ``here`` (the same place) say why."""

    id: UUID
    number: str
    title: str
    state: State
    days: int
    score: float
    words: tuple[str, ...]
    here: bool
    open: bool

    @property
    def state_label(self) -> str:
        return word_of(self.state)


class Pairs(Func):
    """The words of a vector."""

    function = "tsvector_to_array"
    output_field = ArrayField(TextField())


class Rank(Func):
    """How many of the query's words a vector has, as a part of all."""

    template = "ts_rank(%(expressions)s::tsquery)"
    arg_joiner = ", "
    output_field = FloatField()


def similar_matters(
    actor: Actor,
    *,
    title: str,
    text: str,
    area_id: int,
    apart: UUID | None = None,
    now: datetime | None = None,
    most: int = SHOWN,
) -> list[Alike]:
    """Those most like a title and text at the area, the most likely first; ``apart`` is the matter itself.

    Three statements: how rare the pairs are in the place, the candidates that share the rarest of them, and how rare
    the candidates' own pairs are.
    """
    now = now or clock.now()
    pairs = words_of(title, text)
    if len(pairs) < 2:
        return []
    near = readable(visible_matters(actor), actor).filter(
        area__in=neighbourhood(actor, area_id), received_at__gte=now - timedelta(days=DAYS)
    )
    found = []
    others = near.exclude(pk=apart) if apart else near
    rows = list(candidates(others, rarest(pairs, rarity_in(near, pairs), ASKED)))
    if not rows:
        return []
    for row in rows:
        # how a title is read tells nothing that its characters do not
        row["pairs"] = sorted(set(row["pairs"] or ()) - set(sounds_of(row["title"])))
    rarity = rarity_in(near, sorted({*pairs, *(pair for row in rows for pair in row["pairs"])}))
    for row in rows:
        here = row["area_id"] == area_id
        score = likeness(pairs, row["pairs"], rarity) * (1 if here else ELSEWHERE)
        if score >= LEAST:
            words = shared_words(f"{title}\n{text}", set(pairs) & set(row["pairs"]), rarity)
            found.append(as_alike(row, score, words, here, now))
    return sorted(found, key=lambda one: (-round(one.score, 2), one.days, one.number))[:most]


def as_alike(row: dict[str, Any], score: float, words: list[str], here: bool, now: datetime) -> Alike:
    return Alike(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        state=State(row["state"]),
        days=max((now - row["received_at"]).days, 0),
        score=score,
        words=tuple(words),
        here=here,
        open=row["state"] in OPEN,
    )


def neighbourhood(actor: Actor, area_id: int) -> frozenset[int]:
    """The township of the area (the county has one level above it); what the actor sees of it is asked apart."""
    ids = [part for part in area_path(area_id).split(".") if part]
    path = ".".join(ids[:2]) + "." if ids else "-"
    return areas_below([path])


def rarity_in(matters: QuerySet[Matter], pairs: list[str]) -> Rarity:
    """In how many of the newest messages each of ``pairs`` stands."""
    newest = matters.filter(search__isnull=False).order_by("-received_at", "-id").values("search")[:SAMPLE]
    sql, parameters = newest.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH newest AS MATERIALIZED ({sql}) "  # noqa: S608  # Django's own SQL with its parameters
            "SELECT NULL, count(*) FROM newest UNION ALL "
            "SELECT pair, count(*) FROM newest, unnest(tsvector_to_array(search)) AS pair "
            "WHERE pair = ANY(%s) GROUP BY pair",
            [*parameters, pairs],
        )
        standing = dict(cursor.fetchall())
    return Rarity(standing.pop(None, 0), standing)


def candidates(matters: QuerySet[Matter], pairs: list[str]) -> Any:
    """At most fifty that share one of ``pairs``, those that share most of them first, then the newest."""
    quoted = [word.replace("\\", "\\\\").replace("'", "''") for word in pairs]
    query = Value(" | ".join(f"'{word}'" for word in quoted))
    found = matters.filter(Matches(F("search"), query)).annotate(
        rank=Rank(F("search"), query), pairs=Pairs(F("search"))
    )
    columns = ("id", "number", "title", "state", "received_at", "area_id", "pairs")
    return found.order_by("-rank", "-received_at", "-id").values(*columns)[:CANDIDATES]
