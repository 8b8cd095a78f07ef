"""Dead letters: what could not be delivered or taken over is tried again, one or all of a partner, or settled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError
from minqing.partners import rules
from minqing.partners.enums import Turn
from minqing.partners.models import Delivery, Partner
from minqing.partners.queries.hooks import dead_of
from minqing.partners.queries.inbound import aside_of, inbox_actor
from minqing.partners.services.receiving import replay_event
from minqing.partners.services.sending import DELIVERIES, move
from minqing.privacy.access import acting_as

# as many as an operator sends on their way with one press; there may be more
MOST_AT_ONCE = 500


@transaction.atomic
def replay_delivery(*, delivery: Delivery, by: Actor, at: datetime | None = None) -> Delivery:
    """Queue a dead delivery anew, with all its tries before it. One that is on its way already stays as it is."""
    rules.may_manage(by).require()
    row = DELIVERIES.lock(delivery.pk)
    if DELIVERIES.target(row, Turn.REPLAY) is None:
        return row
    if not row.endpoint.active:
        raise Conflict("endpoint_off")
    at = at or clock.now()
    # its age is counted anew
    move(row, Turn.REPLAY, by=by, at=at, tries=0, queued_at=at)
    return row


@transaction.atomic
def settle_delivery(*, delivery: Delivery, by: Actor, at: datetime | None = None) -> Delivery:
    """The operator is done with a dead delivery: the partner was told otherwise, or needs it no more."""
    rules.may_manage(by).require()
    row = DELIVERIES.lock(delivery.pk)
    if DELIVERIES.target(row, Turn.SETTLE) is not None:
        move(row, Turn.SETTLE, by=by, at=at or clock.now())
    return row


@transaction.atomic
def replay_all(*, partner: Partner, by: Actor, at: datetime | None = None) -> tuple[int, int]:
    """Everything of a partner that was laid aside, in its order: how many are sent again, how many read again.

    At most :data:`MOST_AT_ONCE` of each. What is for an endpoint that is off stays; the first after an outage is sent
    first, and what came in is taken over in its sender's order.
    """
    rules.may_manage(by).require()
    at = at or clock.now()
    dead = list(dead_of(partner).filter(endpoint__active=True)[:MOST_AT_ONCE])
    for one in dead:
        replay_delivery(delivery=one, by=by, at=at)
    with acting_as(inbox_actor()):
        aside = aside_of(partner)[:MOST_AT_ONCE]
    return len(dead), sum(replayed(id, by=by, at=at) for id in aside)


def replayed(event_id: UUID, *, by: Actor, at: datetime) -> bool:
    """One that cannot be read anew stays where it is, and the others go on."""
    try:
        with transaction.atomic():
            replay_event(event_id=event_id, by=by, at=at)
    except DomainError:
        return False
    return True
