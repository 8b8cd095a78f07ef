"""What this room hears of others."""

from __future__ import annotations

from uuid import UUID

from minqing.bookings.services import follow_bookings, follow_home
from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def resident_moved(event: Event) -> None:
    """Somebody is of another household now: at the door there they find what they have booked."""
    with acting_as(system_actor("bookings.follow")) as by:
        follow_bookings(resident=UUID(str(event.data["resident"])), by=by)


def household_moved(event: Event) -> None:
    """A household's file changed: if it lies in another area now, its bookings go with it. Where its area became
    part of another one they stay, with the past of that place.
    """
    if "area_id" in event.data.get("fields", ()) and event.data.get("kept") is not True:
        with acting_as(system_actor("bookings.follow")) as by:
            follow_home(household=UUID(event.subject.removeprefix("household:")), by=by)
