"""What this room hands out to others, as far as they may rely on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from minqing.org.protocols import AreaLike, UnitLike


class CategoryLike(Protocol):
    """A category with what it is suggested by, what it asks, and the unit and days that it means."""

    code: str
    name: str
    parent_id: str | None
    keywords: Any
    questions: Any
    unit_code: str
    working_days: int
    publishable: bool

    @property
    def called(self) -> str: ...
    @property
    def asks(self) -> Sequence[Mapping[str, Any]]: ...


class MatterLike(Protocol):
    """A matter as those read it who say where it goes."""

    pk: UUID
    title: str
    text: str
    state: str
    mechanism: str
    channel: str
    answers: Any
    area_id: int
    category_id: str | None
    lead_unit_id: int | None
    received_at: datetime
    changed_at: datetime
    refusals: Any

    @property
    def area(self) -> AreaLike: ...


class MatterRead(MatterLike, Protocol):
    """A matter as those read it who tell others how it stands."""

    number: str
    outside_number: str | None
    sender: UUID | None
    confidential: bool
    due_at: datetime | None
    due_provisional: bool
    finished_at: datetime | None
    closed_at: datetime | None
    outcome: str
    outcome_note: str
    reopened: int
    last_solved: bool | None

    @property
    def lead_unit(self) -> UnitLike | None: ...
