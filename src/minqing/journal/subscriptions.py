"""Who listens to the journal: subscribers with a durable position, each event at least once, in order of commit.

A handler runs in one transaction with its position. What it does in the database therefore happens once; what it
does outside may happen again after a crash and must bear that (the event's id tells it apart).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from minqing.core import clock
from minqing.journal.models import Event, Parked, Position
from minqing.journal.queries import horizon, later_than, of_types

# Event: what a handler is given
__all__ = ["Event", "Handler", "Subscription", "deliver", "deliver_all", "retry_parked", "subscribe", "subscriptions"]
logger = logging.getLogger(__name__)
Handler = Callable[[Event], None]
BATCH = 100
# an event that fails this often is parked; the pauses between are 2, 4, 8, 16 seconds
TRIES = 5
LAST = 2**63 - 1


@dataclass(frozen=True)
class Subscription:
    """``name`` holds the position for good; ``types`` as in :func:`minqing.journal.queries.of_types`."""

    name: str
    types: tuple[str, ...]
    handler: Handler


_subscriptions: dict[str, Subscription] = {}


def subscribe(name: str, types: Collection[str], handler: Handler) -> None:
    """Call ``handler`` for every event of ``types``, from the journal's beginning on, in every process the same."""
    found = _subscriptions.setdefault(name, Subscription(name, tuple(types), handler))
    if found.handler is not handler:
        raise ValueError(f"two subscribers are called {name}")


def subscriptions() -> tuple[Subscription, ...]:
    return tuple(_subscriptions.values())


def deliver_all() -> int:
    """Hand all subscribers what is new for them. Returns how many events were taken.

    One whose position cannot be moved holds up no other; what went wrong is raised at the end.
    """
    taken, failed = 0, None
    for name in _subscriptions:
        try:
            while (batch := deliver(name)) > 0:
                taken += batch
        except Exception as error:
            logger.exception("subscriber %s could not be served", name)
            failed = error
    if failed is not None:
        raise failed
    return taken


@transaction.atomic
def deliver(name: str) -> int:
    """Hand the subscriber its next events, at most :data:`BATCH`. 0 when there are none or another process does it.

    An event that raises is undone alone and tried again after a pause; what came before it stays taken.
    """
    subscription = _subscriptions[name]
    if not Position.objects.filter(name=name).exists():
        Position.objects.bulk_create([Position(name=name)], ignore_conflicts=True)
    position = Position.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if position is None or (position.retry_at and position.retry_at > clock.now()):
        return 0
    # of a transaction that still runs, or of one after it, nothing is taken: a late commit is never skipped
    end = horizon()
    after = later_than((position.tx, position.seq))
    found = Event.objects.filter(after, of_types(subscription.types), tx__lt=end).order_by("tx", "seq")
    events = list(found[:BATCH])
    taken = 0
    while taken < len(events) and handle_event(subscription, position, events[taken]):
        taken += 1
    if taken == len(events) < BATCH and position.tx < end - 1:
        # events of other types need not be passed over again
        position.tx, position.seq = end - 1, LAST
    position.save()
    return taken


def handle_event(subscription: Subscription, position: Position, event: Event) -> bool:
    """Handle one event and move on; False when it is to be tried again."""
    try:
        with transaction.atomic():
            subscription.handler(event)
    except Exception as error:
        position.tries += 1
        if position.tries < TRIES:
            position.retry_at = clock.now() + timedelta(seconds=2**position.tries)
            return False
        logger.exception("subscriber %s parked event %s after %d tries", subscription.name, event.id, TRIES)
        park(subscription, event, error)
    position.tx, position.seq, position.tries, position.retry_at = event.tx, event.seq, 0, None
    return True


def park(subscription: Subscription, event: Event, error: Exception) -> None:
    kind = type(error)
    Parked.objects.create(
        subscriber=subscription.name,
        event=event,
        # the class alone: what an exception says may name people
        error=f"{kind.__module__}.{kind.__qualname__}"[:120],
        parked_at=clock.now(),
    )


def retry_parked(parked: Parked) -> None:
    """Hand a parked event to its subscriber once more; it raises if that fails again."""
    with transaction.atomic():
        _subscriptions[parked.subscriber].handler(parked.event)
        parked.delete()
