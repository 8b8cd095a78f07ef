"""What rooms above add to the sheet that a village posts: lines for its lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

# a person, or None for the household as a whole; the household; the person's name; the household's number
Caller = Callable[[UUID | None, UUID, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of which areas and which time; ``called`` says how somebody is called on it, None for who is to be left out."""

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
    rows: list[Mapping[str, Any]]
