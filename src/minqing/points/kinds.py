"""What rooms above add to pages of this one: lines of the sheet that a village posts, parts of the page of sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Whom:
    """A person, or the household as a whole where ``resident`` is None."""

    resident: UUID | None
    household: UUID
    name: str
    number: str


# in their order; None for who is to be left out
Caller = Callable[[Sequence[Whom]], list[str | None]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of which areas and which time; ``called`` says how all of a list are called on it."""

    village: str
    areas: frozenset[int]
    month: date
    since: datetime
    until: datetime
    called: Caller


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines for the list of that name (``printing.LISTS``), each with its words by field."""

    of: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sums:
    """Of which areas, and what people there took over, got in all, redeemed and still have: the page of sums."""

    areas: frozenset[int]
    opening: int
    issued: int
    redeemed: int
    outstanding: int


def ids_among(abouts: Iterable[str], kind: str) -> list[UUID]:
    """Of what entries of the ledger are about (``sale:…``) the ids of one kind; what bears none is left out."""
    found = []
    for about in abouts:
        if about.startswith(kind):
            with suppress(ValueError):
                found.append(UUID(about.removeprefix(kind)))
    return found
