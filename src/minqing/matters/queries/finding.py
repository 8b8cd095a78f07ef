"""Search and filters: they narrow what is visible and never widen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import one_form
from minqing.core.clock import midnight
from minqing.core.ids import code_of, digest, parse_human_number
from minqing.matters.enums import LEFT_OVER, OPEN, Channel, Outcome, State
from minqing.matters.models import Matter
from minqing.matters.models.category import within_category
from minqing.matters.queries.handlers import handled_as
from minqing.matters.queries.lights import lit_as, with_lights
from minqing.matters.queries.measures import counted_in
from minqing.matters.queries.visibility import TICKET, in_place, readable
from minqing.matters.queries.worklist import QUEUES
from minqing.matters.words import Matches, MatchesRowByRow, tsquery_text
from minqing.org.queries import area_path

ANY_OPEN = "open"
ANSWERED = "answered"
STATES = {ANY_OPEN: OPEN, ANSWERED: frozenset({State.FINISHED, State.CONFIRMED})}
# how it went, as the unit said: one of the outcomes, or what of it is left, or what nobody said
LEFT, UNKNOWN = "left", "unsaid"
OUTCOMES = {
    **{one.value: Q(outcome=one.value) for one in Outcome},
    LEFT: Q(outcome__in=sorted(LEFT_OVER)),
    UNKNOWN: Q(outcome="", state__in=sorted(STATES[ANSWERED])),
}
# what the reporter's last word must say: whether it is solved, how satisfied (4 and 5 of 5 count as satisfied)
WORDS = {
    "asked_solved": Q(last_solved__isnull=False),
    "solved": Q(last_solved=True),
    "rated": Q(last_satisfaction__isnull=False),
    "satisfied": Q(last_satisfaction__gte=4),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means all. ``state`` may be ``open`` (not answered yet) or ``answered``.

    ``area`` holds everything below it, ``category`` its children. Days are local and both included;
    ``since`` and ``until`` are of the receipt. ``word`` is one of :data:`WORDS`, ``outcome`` one of :data:`OUTCOMES`,
    ``figure`` one of the figures of a unit (:data:`minqing.matters.queries.measures.NAMES`): the very rows that it
    counts. ``queue`` is one of :data:`minqing.matters.queries.worklist.QUEUES`, as somebody has it: see
    :func:`filtered`; ``whose`` is ``mine`` or ``nobody``. With ``alone`` the area is meant without what lies below
    it.
    """

    text: str = ""
    state: str = ""
    light: str = ""
    category: str = ""
    area: int | None = None
    unit: int | None = None
    channel: str = ""
    since: date | None = None
    until: date | None = None
    finished_since: date | None = None
    finished_until: date | None = None
    word: str = ""
    figure: str = ""
    outcome: str = ""
    queue: str = ""
    whose: str = ""
    alone: bool = False


def filtered(
    matters: QuerySet[Matter],
    filters: Filters,
    *,
    actor: Actor | None = None,
    now: datetime | None = None,
    lit: bool = True,
) -> QuerySet[Matter]:
    """``matters`` with their ``light``, narrowed to ``filters``; a queue is ``actor``'s, without one empty.

    A page that reckons the light of its few rows itself asks for them with ``lit`` False.
    """
    if filters.queue:
        matters = QUEUES.within(matters, filters.queue, actor, now) if actor else matters.none()
    found = search(matters, filters.text, reader=actor)
    if lit or filters.light:
        found = with_lights(found, now)
    if filters.light:
        found = found.filter(lit_as(filters.light, now or clock.now()))
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.unit or filters.figure:
        found = counted_in(found, filters.figure, unit_id=filters.unit, now=now or clock.now())
    if filters.state:
        found = found.filter(state__in=STATES.get(filters.state, [filters.state]))
    if filters.category:
        found = found.filter(within_category(filters.category))
    found = in_area(found, filters.area, alone=filters.alone)
    if filters.finished_since:
        found = found.filter(finished_at__gte=midnight(filters.finished_since))
    if filters.finished_until:
        found = found.filter(finished_at__lt=midnight(filters.finished_until + timedelta(days=1)))
    if filters.whose:
        found = found.filter(handled_as(filters.whose, actor))
    if filters.outcome in OUTCOMES:
        found = found.filter(OUTCOMES[filters.outcome])
    if filters.word in WORDS:
        found = found.filter(WORDS[filters.word])
    return within(found, since=filters.since, until=filters.until)


def in_area(matters: QuerySet[Matter], area_id: int | None, *, alone: bool = False) -> QuerySet[Matter]:
    """Those of the area and, unless ``alone``, of all below it; all without one, none of one that is not there."""
    if not area_id:
        return matters
    return in_place(matters, area_path(area_id) or "-", alone=alone)


def within(matters: QuerySet[Matter], *, since: date | None, until: date | None) -> QuerySet[Matter]:
    """Those received from the local day ``since`` to the local day ``until``, both included."""
    if since:
        matters = matters.filter(received_at__gte=midnight(since))
    if until:
        matters = matters.filter(received_at__lt=midnight(until + timedelta(days=1)))
    return matters


def search(
    matters: QuerySet[Matter], typed: str, *, few: bool = False, reader: Actor | None = None
) -> QuerySet[Matter]:
    """Those of ``matters`` that ``typed`` finds: by number (spaces, case, hyphens do not matter), else by words.

    Words are looked for in a sample of the table first, one statement: see :func:`is_frequent`. With ``few``, where
    what else is asked leaves few rows, there is none: each row is read. Words are found where ``reader`` may read them;
    a number tells nothing.
    """
    typed = typed.strip()
    if not typed:
        return matters
    if TICKET in one_form(typed):
        return matters.filter(ticket=digest(code_of(typed)))
    try:
        return matters.filter(number=parse_human_number(typed))
    except ValueError:
        pass
    matters = readable(matters, reader) if reader else matters
    query = tsquery_text(typed)
    if not query:
        return matters.none()
    matches = MatchesRowByRow if few or is_frequent(query) else Matches
    found = Q(matches(F("search"), Value(query)))
    if typed.isascii() and typed.isdigit():
        # all channels named, since the index begins with them
        found |= Q(channel__in=[channel.value for channel in Channel], outside_number=typed)
    return matters.filter(found)


# about 140 blocks of the table, some thousand rows, of which those count that the actor may see
SAMPLE = """
    WITH sample AS MATERIALIZED (
        SELECT received_at, (ctid::text::point)[0] AS block, ts_match_vq(search, %s::tsquery) AS hit
        FROM matters_matter TABLESAMPLE SYSTEM (
            least(100, 100.0 * 140 * 8192 / greatest(pg_relation_size('matters_matter'), 1))))
    SELECT count(DISTINCT block) FILTER (WHERE hit) FROM sample
    WHERE received_at >= (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY received_at) FROM sample)
"""
FREQUENT = 3


def is_frequent(query: str) -> bool:
    """Whether a page of matters is found sooner by reading them newest first than by the index of words.

    The planner knows how often single words occur, not how often they stand together, and would fetch and sort a
    hundred thousand rows for fifty. So the newer half of a sample of what the actor may see is asked: hits in three
    blocks, and fifty are found within some ten thousand rows. Blocks and not rows: what came in on one day lies side
    by side, and one block of it says nothing of all the other years.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, [query])
        return bool(cursor.fetchone()[0] >= FREQUENT)
