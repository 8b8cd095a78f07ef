"""What there is for points, and where."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.queries import area_path
from minqing.privacy.access import one_of
from minqing.redeeming.models import Item


def visible_items(actor: Actor) -> QuerySet[Item]:
    """Those of the actor's areas, also such as are offered no more."""
    return Item.objects.filter(one_of("area_id", actor.areas)).select_related("area", "picture")


def item_for(actor: Actor, item_id: UUID) -> Item:
    """Raises NotFound for what the actor may not know of."""
    found = visible_items(actor).filter(pk=item_id).first()
    if found is None:
        raise NotFound("item")
    return found


def item_sent(id: UUID) -> Item | None:
    """What the form with this id has made."""
    return Item.objects.filter(pk=id).first()


def offered_in(area_id: int) -> QuerySet[Item]:
    """What people of that area may have: the area's own and what the areas above it offer, the cheapest first."""
    above = [int(part) for part in area_path(area_id).split(".") if part]
    return Item.objects.filter(area__in=above, active=True).select_related("picture").order_by("price", "name", "pk")
