"""What this room hands out to others, as far as they may rely on it."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol


class AreaLike(Protocol):
    """A city, township, village or grid. ``path`` holds the ids from the top down to it (``1.4.17.``)."""

    id: int
    pk: int
    code: str
    name: str
    level: str
    path: str
    parent_id: int | None
    valid_to: date | None

    @property
    def parent(self) -> AreaLike | None: ...


class UnitLike(Protocol):
    """A unit: an office, or a village's committee."""

    id: int
    pk: int
    code: str
    name: str
    kind: str
    phone: str
    hours: Any

    @property
    def area(self) -> AreaLike: ...
