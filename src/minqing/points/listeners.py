"""What this room hears of others."""

from __future__ import annotations

from uuid import UUID

from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.points.services import follow_holders
from minqing.privacy.access import acting_as


def household_moved(event: Event) -> None:
    """A household's file changed: if its area did, the accounts of the household and its people go with it."""
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int):
        with acting_as(system_actor("points.follow")) as by:
            follow_holders(household=UUID(event.subject.removeprefix("household:")), area=area, by=by)


def resident_moved(event: Event) -> None:
    """Somebody is of another household now: their account goes with them, whoever sees that household sees it."""
    area = event.data.get("area")
    if isinstance(area, int):
        with acting_as(system_actor("points.follow")) as by:
            follow_holders(household=UUID(event.subject.removeprefix("household:")), area=area, by=by)
