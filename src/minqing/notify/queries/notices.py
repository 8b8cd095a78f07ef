"""Reading one's own notices."""

from __future__ import annotations

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.notify.models import Notice

MOST_SHOWN = 99


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Somebody's own notices, the latest first, without those that a later one stands for."""
    if actor.id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account=actor.id, replaced_by=None).order_by("-made_at", "-id")


def unread_count(actor: Actor) -> int:
    """Up to one more than is shown: nobody reads the difference between 300 and 400."""
    return notices_of(actor).filter(read_at__isnull=True).order_by()[: MOST_SHOWN + 1].count()
