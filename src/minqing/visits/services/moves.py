"""Keeping visits with the household they belong to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.sync.services import move_photos
from minqing.visits.models import DiaryEntry, FileConflict, HouseholdAssignment, Promise, Visit, VisitHazard, VisitPhoto


@transaction.atomic
def follow_household(*, household_id: UUID, area_id: int, by: Actor, kept: bool = False) -> int:
    """Take a household's visits and care along to the area it moved to; returns how many rows went.

    The wall around each row is its area: left behind, a diary would stay with those who no longer care for the
    household and be hidden from those who do. ``kept``: the area has become part of another one, below which it
    hangs, so visits and diaries stay in it as its past and are seen all the same; what was promised and is still to
    be kept is of today and goes. Event: ``visits.household.followed``, if anything was left behind.
    """
    of_household: tuple[QuerySet[Any], ...] = (
        HouseholdAssignment.objects.filter(household_id=household_id),
        FileConflict.objects.filter(household_id=household_id),
        Promise.objects.filter(household_id=household_id, settled_at=None),
    )
    past = (
        Visit.objects.filter(household_id=household_id),
        DiaryEntry.objects.filter(visit__household_id=household_id),
        VisitHazard.objects.filter(visit__household_id=household_id),
        VisitPhoto.objects.filter(visit__household_id=household_id),
        Promise.objects.filter(household_id=household_id).exclude(settled_at=None),
    )
    moving = of_household if kept else (*of_household, *past)
    went = sum(rows.exclude(area_id=area_id).update(area_id=area_id) for rows in moving)
    visits = Visit.objects.filter(household_id=household_id)
    if not kept:
        went += move_photos(things=[f"visit:{one}" for one in visits.values_list("pk", flat=True)], area_id=area_id)
    if went:
        record(
            type="visits.household.followed",
            subject=f"household:{household_id}",
            by=by,
            data={"area": area_id, "rows": went},
        )
    return went
