"""What this room hands out to others, as far as they may rely on it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from minqing.org.protocols import AreaLike


class HouseholdLike(Protocol):
    """A household's file: its number is the county's own and never changes, its address may."""

    id: UUID
    pk: UUID
    number: str
    address: str
    area_id: int
    closed_at: datetime | None
    changed_at: datetime

    @property
    def area(self) -> AreaLike: ...
