"""News of matters becomes deliveries, one for each endpoint that may know."""

from __future__ import annotations

from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal.subscriptions import Event
from minqing.matters.queries import matter_for
from minqing.partners import rules
from minqing.partners.models import Delivery
from minqing.partners.queries.hooks import body_for, endpoints_for


def queue_event(event: Event, *, by: Actor) -> int:
    """Queue the event for the endpoints that want it; ``by`` must see its matter. Returns for how many.

    Runs in the transaction of the journal's subscriber: each event once; doing it again adds nothing.
    """
    matter = matter_for(by, UUID(event.subject.removeprefix("matter:")))
    if matter is None:
        return 0
    now = clock.now()
    rows = [
        Delivery(
            endpoint=one,
            event=event.id,
            type=rules.outer_type(event.type),
            sequence=event.seq,
            body=body_for(one.partner, event, matter),
            next_at=now,
            queued_at=now,
        )
        for one in endpoints_for(event, matter)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
