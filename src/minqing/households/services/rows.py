"""Locking rows, and setting what is said about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar
from uuid import UUID

from django.db import models

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.households.models import Household, Resident
from minqing.households.queries.visibility import visible_households, visible_residents
from minqing.org.services import KEEP

Row = TypeVar("Row", bound=models.Model)


def locked_household(household_id: UUID, by: Actor) -> Household:
    """The household, locked until the transaction ends; NotFound if ``by`` may not know of it."""
    found = visible_households(by).select_for_update().filter(pk=household_id).first()
    if found is None:
        raise NotFound("no_household")
    return found


def held_household(household_id: UUID, by: Actor) -> Household:
    """The household, which stays as it is until the transaction ends; what refers to it may still be added."""
    found = visible_households(by).select_for_update(no_key=True).filter(pk=household_id).first()
    if found is None:
        raise NotFound("no_household")
    return found


def held_households(household_ids: Collection[UUID], by: Actor) -> dict[UUID, Household]:
    """Those of them that ``by`` may know of, held like one, in the order of their ids."""
    found = visible_households(by).select_for_update(no_key=True).filter(pk__in=household_ids).order_by("pk")
    return {one.pk: one for one in found}


def locked_resident(resident_id: UUID, by: Actor) -> Resident:
    found = visible_residents(by).select_for_update().filter(pk=resident_id, left_at=None).first()
    if found is None:
        raise NotFound("no_resident")
    return found


def put(row: models.Model, values: Mapping[str, object]) -> list[str]:
    """Set the given values that differ; returns the names of the fields that changed."""
    changed = [name for name, value in values.items() if value is not KEEP and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return sorted(changed)
