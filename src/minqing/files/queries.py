"""Reading attachments. Who may see one is decided by the room whose record it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.files.models import Attachment


def pictures_sent_by(actor: Actor, ids: Collection[UUID]) -> QuerySet[Attachment]:
    """Those of ``ids`` that ``actor``, a known person, has sent: what a form may carry on from its first attempt."""
    if actor.id is None:
        return Attachment.objects.none()
    return Attachment.objects.filter(pk__in=ids, sent_by=actor.ref).order_by("stored_at", "id")
