"""The record as it is asked for: by days, acts, people, things and words, cut by the place of a line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from minqing.audit.kinds import DEEDS, types_of
from minqing.audit.queries.sentences import Sentence, key_of, lines_of
from minqing.core.clock import SHANGHAI, midnight
from minqing.core.days import DAY
from minqing.core.room import Doing
from minqing.journal.queries import happened, latest

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What of the record is asked for. ``actors`` and ``types`` that are empty sets find nothing; None is all."""

    since: date
    until: date
    types: Collection[str] | None = None
    actors: Collection[str] | None = None
    source: str = ""
    subject: str = ""
    areas: Collection[int] | None = None


@dataclass(frozen=True)
class Leaf:
    """A page of the record: its lines, and the place behind the last one where there are more."""

    lines: list[Sentence] = field(default_factory=list)
    next: str = ""


def events_of(asked: Asked) -> QuerySet[Any]:
    """Without an order."""
    found = happened(midnight(asked.since), midnight(asked.until + DAY))
    if asked.types is not None:
        found = found.filter(type__in=asked.types)
    if asked.actors is not None:
        found = found.filter(actor__in=asked.actors)
    if asked.source:
        found = found.filter(actor__startswith=f"{asked.source}:")
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.areas is not None:
        found = found.filter(data__area__in=list(asked.areas))
    return found


def leaf_of(asked: Asked, before: str = "", size: int = PER_PAGE) -> Leaf:
    """The next lines behind a place; two statements more or less, whatever page it is."""
    rows = list(latest(events_of(asked), before=place_behind(before))[: size + 1])
    shown = rows[:size]
    return Leaf(lines_of(shown), key_of(shown[-1]) if len(rows) > size else "")


def place_behind(key: str) -> tuple[datetime, int] | None:
    """The moment and number of a line's place; None where it is none of ours."""
    micros, _dash, seq = key.partition("-")
    # "²" is a digit, and no number
    if not (key.isascii() and micros.isdigit() and seq.isdigit() and len(key) < 40):
        return None
    try:
        at = datetime.fromtimestamp(int(micros) // 1_000_000, UTC).replace(microsecond=int(micros) % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None
    return at, min(int(seq), 2**63 - 1)


def types_in_words(words: str) -> list[str]:
    """The acts in whose sentence all these words stand, in the language of the reader."""
    wanted = set(words.casefold().split())
    told = {one.type: str(one.told).casefold() for one in DEEDS}
    return [type for type, sentence in told.items() if all(word in sentence for word in wanted)]


def by_day(asked: Asked) -> list[dict[str, object]]:
    """How many of each sort on each day, the newest first; days on which there was nothing are left out."""
    looks, out = types_of(Doing.LOOK), types_of(Doing.OUT)
    rows = events_of(asked).values(day=TruncDate("at", tzinfo=SHANGHAI))
    counted = rows.annotate(
        looks=Count("id", filter=Q(type__in=looks)),
        out=Count("id", filter=Q(type__in=out)),
        people=Count("actor", distinct=True),
    )
    return list(counted.order_by("-day"))
