"""What this room hears of others."""

from __future__ import annotations

from uuid import UUID

from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.rights.services import follow_requests


def household_moved(event: Event) -> None:
    """A household's file changed: if it lies in another area now, its requests go with it. Where its area became
    part of another one they stay, with the past of that place.
    """
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int) and event.data.get("kept") is not True:
        with acting_as(system_actor("rights.follow")) as by:
            follow_requests(household=UUID(event.subject.removeprefix("household:")), area=area, by=by)
