"""Visits of the past and the care for households, many at a time: a county brings what an older system knows.

The limits for a diary that is written today (not older than 60 days, not somebody else's) do not apply to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.intake.staging import upsert
from minqing.journal.services import record
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit
from minqing.visits.rules import diary_fits, diary_is_whole
from minqing.visits.services.diary import require_valid

VISITS = "visits.history.loaded"
CARE = "visits.care.loaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """One visit with its diary. ``matter_id`` is what came of it."""

    id: UUID
    household_id: UUID
    area_id: int
    account_id: UUID
    visited_at: datetime
    met: Met
    text: str
    met_people: str = ""
    met_resident_ids: Sequence[UUID] = ()
    matter_id: UUID | None = None
    point: Point | None = None


class PastCare(NamedTuple):
    """A household in a cadre's care, with the columns of its row."""

    id: UUID
    household_id: UUID
    area_id: int
    account_id: UUID
    every_days: int
    since: date
    last_visit_at: datetime | None
    due_on: date


class VisitRow(NamedTuple):
    id: UUID
    household_id: UUID
    area_id: int
    account_id: UUID
    visited_at: datetime
    recorded_at: datetime
    met: str
    latitude: float | None
    longitude: float | None
    accuracy: float | None
    datum: str


class EntryRow(NamedTuple):
    id: UUID
    visit_id: UUID
    area_id: int
    text: str
    met_people: str
    matter_id: UUID | None


@transaction.atomic
def load_past_visits(visits: Sequence[PastVisit], *, by: Actor) -> int:
    """Store ``visits`` with diary and people met; returns how many. One event for all.

    The caller acts as somebody who sees the areas. Raises :class:`Invalid` for a diary that says nothing though
    somebody was met.
    """
    if not visits:
        return 0
    for one in visits:
        require_valid(diary_is_whole(one.met, one.text))
        require_valid(diary_fits(one.text, one.met_people))
    upsert(Visit, VisitRow._fields, map(visit_row, visits), change=())
    entries = [
        (EntryRow(new_id(), one.id, one.area_id, one.text, one.met_people, one.matter_id), one) for one in visits
    ]
    upsert(DiaryEntry, EntryRow._fields, (entry for entry, _visit in entries), change=())
    upsert(
        DiaryEntry.met_residents.through,
        ("diaryentry_id", "resident_id"),
        ((entry.id, person) for entry, visit in entries for person in visit.met_resident_ids),
        change=(),
    )
    record(type=VISITS, subject="visits", by=by, data={"visits": len(visits)})
    return len(visits)


def visit_row(visit: PastVisit) -> VisitRow:
    point = visit.point
    return VisitRow(
        visit.id,
        visit.household_id,
        visit.area_id,
        visit.account_id,
        visit.visited_at,
        visit.visited_at,
        visit.met.value,
        point.latitude if point else None,
        point.longitude if point else None,
        point.accuracy if point else None,
        point.datum if point else "",
    )


@transaction.atomic
def load_care(care: Sequence[PastCare], *, by: Actor) -> int:
    """Store who cares for which household; returns how many. One event for all."""
    if care:
        upsert(HouseholdAssignment, PastCare._fields, care, change=())
        record(type=CARE, subject="visits", by=by, data={"households": len(care)})
    return len(care)
