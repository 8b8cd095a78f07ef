"""Reading attachments. Who may see one is decided by the room whose record it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.files.models import Attachment


def pictures_of_partners(*, before: datetime) -> QuerySet[Attachment]:
    """What other systems sent earlier than that: it comes ahead of the record that shall hold it."""
    return Attachment.objects.filter(sent_by__startswith="partner:", stored_at__lt=before)


def pictures_sent_by(actor: Actor, ids: Collection[UUID]) -> QuerySet[Attachment]:
    """Those of ``ids`` that ``actor``, a known person or another system, has sent.

    A form carries them on from its first attempt; an API names them later.
    """
    if actor.id is None:
        return Attachment.objects.none()
    return Attachment.objects.filter(pk__in=ids, sent_by=actor.ref).order_by("stored_at", "id")
