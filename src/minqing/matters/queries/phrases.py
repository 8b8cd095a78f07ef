"""Canned replies: who may use and change which."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from minqing.core.actor import Actor
from minqing.matters.models import Matter, Phrase
from minqing.org.queries import area_path


def phrases_for(actor: Actor, matter: Matter) -> list[Phrase]:
    """Those of the actor's units, then those of the matter's area and the areas above it."""
    above = [int(part) for part in matter.area.path.split(".") if part]
    return list(Phrase.objects.filter(Q(unit__in=actor.units) | Q(area__in=above)).order_by("unit", "title", "id"))


def phrases_of(actor: Actor) -> QuerySet[Phrase]:
    """Those that the actor works with: of his units, of his areas and of what lies above them."""
    above = {int(part) for area in list(actor.areas)[:1] for part in area_path(area).split(".") if part}
    seen = Q(unit__in=actor.units) | Q(area__in=actor.areas | above)
    return Phrase.objects.filter(seen).select_related("unit", "area").order_by("area", "title", "id")


def phrase_for(actor: Actor, phrase_id: UUID) -> Phrase | None:
    return phrases_of(actor).filter(pk=phrase_id).first()
