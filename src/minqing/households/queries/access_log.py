"""The access log of a household's file 谁看过."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from minqing.journal.access_log import looks_at
from minqing.org.queries import account_names


@dataclass(frozen=True)
class Viewer:
    """Somebody who looked at the file."""

    name: str
    times: int
    last_at: datetime


def viewers(household_id: UUID) -> list[Viewer]:
    """The household may ask who opened its file, and the village can answer."""
    looks = looks_at(f"household:{household_id}")
    names = account_names(one.account_id for one in looks if one.account_id)
    return [Viewer(names.get(one.account_id, ""), one.times, one.last_at) for one in looks if one.account_id in names]
