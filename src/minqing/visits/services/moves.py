"""Keeping visits with the household they belong to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.sync.services import move_photos
from minqing.visits.models import DiaryEntry, FileConflict, HazardCheck, HouseholdAssignment, Visit, VisitPhoto


@transaction.atomic
def follow_household(*, household_id: UUID, area_id: int, by: Actor) -> int:
    """Take a household's visits and care along to the area it moved to; returns how many rows went.

    The wall around each row is its area: left behind, a diary would stay with those who no longer care for the
    household and be hidden from those who do. Event: ``visits.household.followed``, if anything was left behind.
    """
    of_household = (
        Visit.objects.filter(household_id=household_id),
        HouseholdAssignment.objects.filter(household_id=household_id),
        DiaryEntry.objects.filter(visit__household_id=household_id),
        HazardCheck.objects.filter(visit__household_id=household_id),
        VisitPhoto.objects.filter(visit__household_id=household_id),
        FileConflict.objects.filter(household_id=household_id),
    )
    went = sum(rows.exclude(area_id=area_id).update(area_id=area_id) for rows in of_household)
    visits = Visit.objects.filter(household_id=household_id)
    went += move_photos(things=[f"visit:{one}" for one in visits.values_list("pk", flat=True)], area_id=area_id)
    if went:
        record(
            type="visits.household.followed",
            subject=f"household:{household_id}",
            by=by,
            data={"area": area_id, "rows": went},
        )
    return went
