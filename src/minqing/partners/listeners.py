"""What this room hears of others."""

from __future__ import annotations

from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.partners.services import queue_event
from minqing.privacy.access import acting_as


def matter_moved(event: Event) -> None:
    """Something happened to a matter: partners who may know of it are sent word."""
    with acting_as(system_actor("partners.queue")) as by:
        queue_event(event, by=by)
