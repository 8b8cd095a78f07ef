"""What a clock is reckoned from: its target, pauses and extensions; and a reason as it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from minqing.deadlines.enums import Rung

_MOST: Final = {"h": 20_000, "d": 2_000, "nd": 10_000}
_WRITTEN = re.compile(r"(0|[1-9][0-9]{0,4})(h|d|nd)")


class Unit(StrEnum):
    """What a target counts."""

    HOURS = "h"
    DAYS = "d"
    CALENDAR_DAYS = "nd"


@dataclass(frozen=True)
class Target:
    """A term in exactly one unit, written ``5d`` (working days), ``4h`` (working hours) or ``60nd`` (natural days).

    Natural days 自然日 are what statutes mean by "days" (日) when they do not say working days; when the last one is
    a rest day the term ends on the next working day (Civil Code, article 203). Raises ValueError for nonsense.
    """

    days: int | None = None
    hours: int | None = None
    calendar_days: int | None = None

    def __post_init__(self) -> None:
        if sum(amount is not None for amount in (self.days, self.hours, self.calendar_days)) != 1:
            raise ValueError("a target counts either working days, or working hours, or calendar days")
        # zero working days is "today": a norm in use; zero hours or calendar days would be due at once
        if not (0 if self.unit is Unit.DAYS else 1) <= self.amount <= _MOST[self.unit]:
            raise ValueError(f"a target of {self} is too short or too long")

    @classmethod
    def parse(cls, written: object) -> Target:
        found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
        if not found:
            raise ValueError(f"a target is written like 5d, 4h or 60nd, not {written!r}")
        return cls.of(Unit(found[2]), int(found[1]))

    @classmethod
    def of(cls, unit: Unit, amount: int) -> Target:
        if unit is Unit.HOURS:
            return cls(hours=amount)
        return cls(days=amount) if unit is Unit.DAYS else cls(calendar_days=amount)

    @property
    def unit(self) -> Unit:
        if self.days is not None:
            return Unit.DAYS
        return Unit.HOURS if self.hours is not None else Unit.CALENDAR_DAYS

    @property
    def amount(self) -> int:
        return self.days or self.hours or self.calendar_days or 0

    def as_json(self) -> str:
        return f"{self.amount}{self.unit}"

    __str__ = as_json


@dataclass(frozen=True)
class Pause:
    """The clock stands still from ``start`` (not counted in) to ``end``; ``end`` None: it still does.

    ``planned_end`` is when it is meant to run again: good for a forecast, never for a deadline.
    """

    start: datetime
    end: datetime | None
    reason_code: str
    planned_end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause does not end before it begins")


@dataclass(frozen=True)
class Extension:
    """More time, granted at some moment. It adds to the target and does not move the start."""

    target_more: Target
    granted_at: datetime


class Step(NamedTuple):
    """``rung`` hears of something ``after`` its deadline."""

    rung: Rung
    after: Target


@dataclass(frozen=True)
class Reason:
    """One step of the explanation: a stable code, and data that is JSON as it stands (dates in ISO form)."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.data}

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Reason:
        return cls(told["code"], {key: value for key, value in told.items() if key != "code"})


NOTHING: Final = timedelta()
