"""Lists that somebody comes back to: everybody's own."""

from __future__ import annotations

from uuid import UUID

from minqing.core.actor import Actor
from minqing.listing.models import SavedFilter


def saved_filters(actor: Actor) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(account_id=actor.person).order_by("name", "list"))


def saved_filter(actor: Actor, filter_id: UUID) -> SavedFilter | None:
    return SavedFilter.objects.filter(account_id=actor.person, pk=filter_id).first()
