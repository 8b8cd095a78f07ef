"""Households to be given into somebody's care, and who cares for them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from minqing.core.actor import Actor
from minqing.households.queries import visible_households, visible_residents
from minqing.org.queries import areas_inside
from minqing.privacy.access import one_of
from minqing.visits.models import HouseholdAssignment
from minqing.visits.queries.visibility import visible_assignments


def households_to_give(actor: Actor, area_id: int | None) -> Any:
    """Open households of the area, or of all the actor's, each with its people of today, the oldest first."""
    here = one_of("area_id", areas_inside(actor, area_id))
    found = visible_households(actor).filter(here, closed_at__isnull=True)
    people = visible_residents(actor).filter(left_at__isnull=True).only("household_id", "name")
    with_people = Prefetch("residents", people.order_by("born_on", "id"))
    return found.select_related("area").prefetch_related(with_people).order_by("number", "id")


def carers_by_household(actor: Actor, ids: Collection[UUID]) -> dict[UUID, list[HouseholdAssignment]]:
    """One statement for all of them."""
    carers: dict[UUID, list[HouseholdAssignment]] = {}
    for one in visible_assignments(actor).filter(household_id__in=ids):
        carers.setdefault(one.household_id, []).append(one)
    return carers
