"""Reading attachments. Who may see one is decided by the room whose record it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet

from minqing.core.actor import Actor
from minqing.files.models import Attachment


def unused_pictures(*, before: datetime) -> QuerySet[Attachment]:
    """What was sent earlier than that and no record of any room holds.

    It comes ahead of its record: from another system, or with a form in which something else was wrong.
    """
    found = Attachment.objects.filter(stored_at__lt=before)
    for held in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(held, ForeignObjectRel) and not held.many_to_many:
            rows = held.related_model._base_manager.filter(**{held.field.name: OuterRef("pk")})
            found = found.filter(~Exists(rows))
    return found


def pictures_of_places(areas: Collection[int]) -> QuerySet[Attachment]:
    """Those that a record of these areas holds: one with an area, or that hangs on one with an area."""
    there = Q(pk__in=[])
    for held in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(held, ForeignObjectRel) and not held.many_to_many:
            rows = held.related_model._base_manager
            for way in ways_to_area(held.related_model):
                found = rows.filter(**{f"{way}__in": areas, held.field.name: OuterRef("pk")})
                there |= Q(Exists(found))
    return Attachment.objects.filter(there)


def ways_to_area(model: type[Model]) -> list[str]:
    """How a model's rows name their area: themselves, or by what they hang on."""
    fields = {one.attname: one for one in model._meta.concrete_fields if one.is_relation}
    if "area_id" in fields:
        return ["area_id"]
    near = [(one.name, one.related_model) for one in fields.values()]
    return [f"{name}__area_id" for name, other in near if isinstance(other, type) and has_area(other)]


def has_area(model: type[Model]) -> bool:
    return any(one.attname == "area_id" for one in model._meta.concrete_fields)


def pictures_named(ids: Sequence[UUID]) -> list[Attachment]:
    """Those of ``ids`` that are there, in that order; the caller has made sure that they are the asker's."""
    rows = Attachment.objects.in_bulk(list(ids))
    return [rows[id] for id in ids if id in rows]


def pictures_sent_by(actor: Actor, ids: Collection[UUID]) -> QuerySet[Attachment]:
    """Those of ``ids`` that ``actor``, a known person or another system, has sent.

    A form carries them on from its first attempt; an API names them later.
    """
    if actor.id is None:
        return Attachment.objects.none()
    return Attachment.objects.filter(pk__in=ids, sent_by=actor.ref).order_by("stored_at", "id")
