"""Reading attachments. Who may see one is decided by the room whose record it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet

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
