"""The first wall: the rows that an actor may know of. Row-level security is the second."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from minqing.core.actor import Actor
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.households.rules import sees_files, sees_tag
from minqing.privacy.access import one_of

Rows = TypeVar("Rows", bound=Model)


def in_areas(rows: QuerySet[Rows], actor: Actor, column: str = "area_id") -> QuerySet[Rows]:
    return rows.filter(one_of(column, actor.areas)) if sees_files(actor) else rows.none()


def visible_households(actor: Actor) -> QuerySet[Household]:
    """Those of the actor's areas; a resident behind a code sees the one household that the code opened."""
    if actor.kind == "resident" and actor.household:
        return Household.objects.filter(pk=actor.household)
    return in_areas(Household.objects.all(), actor)


def visible_residents(actor: Actor) -> QuerySet[Resident]:
    """People of visible households, also those who have left (``left_at``)."""
    return in_areas(Resident.objects.all(), actor)


def visible_codes(actor: Actor) -> QuerySet[HouseholdCode]:
    return in_areas(HouseholdCode.objects.all(), actor)


def visible_grants(actor: Actor) -> QuerySet[TagGrant]:
    """Tags given, with their :class:`Tag` joined: of visible files, and only such as the actor's role may see."""
    grants = in_areas(TagGrant.objects.select_related("tag"), actor)
    if actor.kind == "system":
        return grants
    # a role is a short word without quotes: the JSON list contains it or is empty
    allowed = Q(tag__roles=[])
    for role in actor.roles:
        allowed |= Q(tag__roles__contains=[role])
    return grants.filter(allowed)


__all__ = ["sees_tag", "visible_codes", "visible_grants", "visible_households", "visible_residents"]
