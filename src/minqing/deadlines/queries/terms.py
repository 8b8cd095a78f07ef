"""Norms, ladder and reasons to wait as the operator has them; where nothing is loaded yet, as shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from minqing.core.cache_version import CachedTable
from minqing.deadlines import Target, shipped
from minqing.deadlines.books import Book
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import LadderStep, Norm, PauseRule
from minqing.deadlines.rows import Clock
from minqing.deadlines.shapes import Step

RUNGS: Final = tuple(Rung)


class Waiting(NamedTuple):
    """What it means to wait for a reason: the clocks that stand, up to how many days, and whether it may be chosen."""

    stops: frozenset[str]
    longest: int
    offered: bool


def climbed(rows: list[LadderStep]) -> Mapping[str, tuple[Step, ...]]:
    """The rungs in use by room, from the lowest up."""
    steps: dict[str, list[Step]] = {}
    for row in sorted(rows, key=lambda one: RUNGS.index(Rung(one.rung))):
        own = steps.setdefault(row.room, [])
        if row.used:
            own.append(Step(Rung(row.rung), Target.parse(row.after)))
    return {room: tuple(own) for room, own in steps.items()}


def by_reason(rows: list[PauseRule]) -> Mapping[tuple[str, str], Waiting]:
    return {(row.room, row.reason): Waiting(frozenset(row.stops), row.longest, row.offered) for row in rows}


LADDERS: Final = CachedTable(["deadlines_ladderstep"], LadderStep.objects.all, climbed)
PAUSES: Final = CachedTable(["deadlines_pauserule"], PauseRule.objects.all, by_reason)


def ladder(book: Book[Clock]) -> tuple[Step, ...]:
    """The rungs in use, from the lowest up; none in a room that has no ladder."""
    if not book.reference:
        return ()
    kept = LADDERS.now().get(book.room)
    return shipped.ladder(book.reference) if kept is None else kept


def next_rung(book: Book[Clock], rung: Rung) -> Step | None:
    """The next rung in use above ``rung``; None at the top."""
    return next((step for step in ladder(book) if RUNGS.index(step.rung) > RUNGS.index(rung)), None)


def waiting_for(book: Book[Clock], reason: str) -> Waiting:
    if kept := PAUSES.now().get((book.room, str(reason))):
        return kept
    given = shipped.pauses(book.reference)[str(reason)]
    return Waiting(frozenset(given["stops"]), given["longest"], True)


def reasons_offered(book: Book[Clock]) -> list[Any]:
    """The members of the room's own enum that may be waited for."""
    return [reason for reason in book.reasons or () if waiting_for(book, reason).offered]


def norms_of(book: Book[Clock]) -> list[Norm]:
    """In the order of the room's ways of handling and of its kinds of clocks."""
    ways, kinds = [one.value for one in book.ways or ()], [one.value for one in book.kinds or ()]
    rows = Norm.objects.filter(room=book.room, way__in=ways, kind__in=kinds)
    return sorted(rows, key=lambda one: (ways.index(one.way), kinds.index(one.kind)))
