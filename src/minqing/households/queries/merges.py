"""Entries of one person that were made one: under which they stand now, and which ended for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from minqing.core.actor import Actor
from minqing.households.models import Duplicate, Resident
from minqing.households.queries.visibility import visible_residents


def merges_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Entry that ended → the one that was kept, of all with which these were ever made one, over however many times."""
    into: dict[UUID, UUID] = {}
    found: set[UUID] = set()
    new = set(ids)
    while new:
        found |= new
        rows = Duplicate.objects.filter(Q(resident__in=new) | Q(twin__in=new)).exclude(kept=None)
        for one, twin, kept in rows.order_by("decided_at", "pk").values_list("resident_id", "twin_id", "kept_id"):
            into[twin if kept == one else one] = kept
        new = {*into, *into.values()} - found
    return into


def last_kept(id: UUID, into: Mapping[UUID, UUID]) -> UUID:
    """The entry under which somebody stands now."""
    seen: set[UUID] = set()
    while id in into and id not in seen:
        seen.add(id)
        id = into[id]
    return id


def entries_of(resident_id: UUID) -> tuple[UUID, frozenset[UUID]]:
    """The entry under which somebody stands, and those that ended when they were made one with it, whichever of them
    ``resident_id`` is.
    """
    into = merges_of([resident_id])
    kept = last_kept(resident_id, into)
    return kept, frozenset({resident_id, *into, *into.values()} - {kept})


def stands_as(actor: Actor, resident_id: UUID) -> Resident | None:
    """The person as they stand, where the entry has ended since it was made one with another; None where it has not,
    or ``actor`` does not see that other one.
    """
    kept, _merged = entries_of(resident_id)
    if kept == resident_id:
        return None
    return visible_residents(actor).select_related("household").filter(pk=kept).first()
