"""Photos of a visit that arrive after its words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.hazards.services import add_found_picture
from minqing.households.services import held_household
from minqing.journal.services import record
from minqing.matters.services import add_report_picture
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.visits.models import DiaryEntry, Visit, VisitHazard, VisitPhoto
from minqing.visits.rules import may_record


def held_visit(visit_id: UUID, by: Actor) -> Visit | None:
    """The visit of which the actor wrote the diary, wherever its household lies now, which is held as for a new one.

    None where there is none of theirs.
    """
    with acting_as(system_actor("visits.photo")) as system:
        mine = Visit.objects.filter(pk=visit_id, account_id=by.person)
        home = mine.values_list("household_id", flat=True).first()
        if home is None:
            return None
        household = held_household(home, system)
        visit = mine.get()
        # those that are stored follow a household a moment after it has moved
        visit.area_id = household.area_id
        return visit


@transaction.atomic
def add_photo(*, visit: Visit, attachment_id: UUID, by: Actor, at: datetime | None = None) -> VisitPhoto:
    """Add a stored picture to a visit that is held (:func:`held_visit`); the same again changes nothing.

    It stands with the hazards that were found in the visit too, and with the matter that was raised, where that was
    chosen. Events: ``visits.photo.added``, ``hazards.picture.added``, ``matters.picture.added``.
    """
    at = at or clock.now()
    if visit.account_id != by.person:
        raise NotFound("no_visit")
    there = replace(by, areas=by.areas | {visit.area_id})
    may_record(there, visit.area_id).require()
    with acting_as(there):
        photo, made = VisitPhoto.objects.get_or_create(
            visit=visit, attachment_id=attachment_id, defaults={"area_id": visit.area_id}
        )
        if made:
            data = {"household": str(visit.household_id)}
            record(type="visits.photo.added", subject=f"visit:{visit.pk}", by=by, at=at, data=data)
            raised = (
                DiaryEntry.objects.filter(visit=visit, matter_photos=True).values_list("matter_id", flat=True).first()
            )
            for found in VisitHazard.objects.filter(visit=visit).order_by("hazard").values_list("hazard", flat=True):
                # it may lie elsewhere by now
                with suppress(NotFound):
                    add_found_picture(hazard_id=found, attachment_id=attachment_id, by=there, at=at)
            # the matter may have gone where whoever wrote the diary does not see it
            with suppress(NotFound):
                if raised is not None:
                    add_report_picture(matter_id=raised, attachment_id=attachment_id, by=by, at=at)
        return photo
