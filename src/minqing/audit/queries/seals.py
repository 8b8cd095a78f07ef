"""How far the journal is sealed, and what was found of the seals of each day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from minqing.audit.models import SealCheck
from minqing.audit.rules import SEAL_DAYS
from minqing.core.clock import midnight
from minqing.core.days import DAY
from minqing.journal.queries import last_seal, seals_between


@dataclass(frozen=True)
class Sealed:
    """The newest seal (None before the first), the newest check that was done, and days on which something is wrong."""

    last: Any
    checked: SealCheck | None
    wrong: list[SealCheck]

    @property
    def at(self) -> datetime | None:
        return self.last.sealed_at if self.last else None


def sealed() -> Sealed:
    done = SealCheck.objects.exclude(done_at=None)
    wrong = done.filter(wrong__gt=0).order_by("-day")[:SEAL_DAYS]
    return Sealed(last_seal(), done.order_by("-day").first(), list(wrong))


@dataclass(frozen=True)
class Day:
    """A day and what is known of its seals (None: nobody has looked)."""

    day: date
    check: SealCheck | None


def days_until(today: date) -> list[Day]:
    """The last days, the newest first; one statement."""
    found = SealCheck.objects.filter(day__gt=today - SEAL_DAYS * DAY).in_bulk()
    return [Day(day, found.get(day)) for day in (today - n * DAY for n in range(SEAL_DAYS))]


def unchecked(today: date) -> list[date]:
    """Days that are over on which seals were made and that nobody has looked at, the oldest first."""
    seen = {one.day for one in days_until(today) if one.check and one.check.done_at}
    days = [today - n * DAY for n in range(SEAL_DAYS - 1, 0, -1)]
    return [day for day in days if day not in seen and seals_of(day)]


def seals_of(day: date) -> tuple[int, int] | None:
    return seals_between(midnight(day), midnight(day + DAY))


def finding_worded(one: Mapping[str, object]) -> str:
    """What does not fit, as somebody reads it who knows no program."""
    number, seal = one.get("seq") or "–", one.get("seal") or "–"
    sentences = {
        "changed": _("Seal {seal}: entry No. {number} of the record was changed after it was sealed."),
        "removed": _("Seal {seal}: entry No. {number} of the record was removed after it was sealed."),
        "inserted": _("Entry No. {number} was put into the record afterwards; no seal holds it."),
    }
    other = _("Seal {seal} does not fit: it, or the list of what it holds, was changed.")
    said = sentences.get(str(one.get("kind")), other)
    return said.format(seal=seal, number=number)
