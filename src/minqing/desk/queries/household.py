"""One household's file, from all rooms that know something of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries.visible import visible_codes
from minqing.journal.access_log import looks_at
from minqing.org.queries import account_names
from minqing.visits.enums import Hazard, Met
from minqing.visits.queries import carers_of, hazards_of, last_visits
from minqing.visits.rules import due_light

VISITS = 5


@dataclass(frozen=True)
class Viewer:
    """Somebody who looked at the file."""

    name: str
    times: int
    last_at: datetime


def visits(actor: Actor, household_id: UUID) -> list[dict[str, Any]]:
    return [
        {"visit": one, "text": one.entry.text, "met": Met(one.met).label}
        for one in last_visits(actor, household_id)[:VISITS]
    ]


def hazards(actor: Actor, household_id: UUID) -> list[dict[str, Any]]:
    return [{"name": Hazard(one.kind).label, "note": one.note, "at": one.visit.visited_at, "visit": one.visit_id}
            for one in hazards_of(actor, household_id)]  # fmt: skip


def carers(actor: Actor, household_id: UUID) -> list[dict[str, Any]]:
    today = clock.today()
    return [{"name": one.account.name, "due_on": one.due_on, "light": due_light(one.due_on, today).value}
            for one in carers_of(actor, household_id)]  # fmt: skip


def viewers(household_id: UUID) -> list[Viewer]:
    """Who looked at this file 谁看过: the household may ask for it, and the village can answer."""
    looks = looks_at(f"household:{household_id}")
    names = account_names(one.account_id for one in looks if one.account_id)
    return [Viewer(names.get(one.account_id, ""), one.times, one.last_at) for one in looks if one.account_id in names]


def code_since(actor: Actor, household_id: UUID) -> datetime | None:
    """Since when the code at the door is in force; None where there is none."""
    codes = visible_codes(actor).filter(household_id=household_id, revoked_at=None)
    since: datetime | None = codes.values_list("issued_at", flat=True).first()
    return since
