"""Reading notices, wishes, addresses and the outbox. All of it behind the second wall: one's own, or the job's."""

from __future__ import annotations

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.notify.models import Notice
from minqing.notify.queries.outbox import (
    JOB,
    UNKNOWN,
    Carried,
    carried,
    failing_carriers,
    job,
    message_of,
    outbox_counts,
    parked,
    tested,
)
from minqing.notify.queries.preferences import address_on, addresses_among, addresses_of, wishes_among, wishes_of

__all__ = [
    "JOB",
    "MOST_SHOWN",
    "UNKNOWN",
    "Carried",
    "address_on",
    "addresses_among",
    "addresses_of",
    "carried",
    "failing_carriers",
    "job",
    "message_of",
    "notices_of",
    "outbox_counts",
    "parked",
    "tested",
    "unread_count",
    "wishes_among",
    "wishes_of",
]

MOST_SHOWN = 99


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Somebody's own notices, the latest first, without those that a later one stands for."""
    if actor.id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account=actor.id, replaced_by=None).order_by("-made_at", "-id")


def unread_count(actor: Actor) -> int:
    """Up to one more than is shown: nobody reads the difference between 300 and 400."""
    return notices_of(actor).filter(read_at__isnull=True).order_by()[: MOST_SHOWN + 1].count()
