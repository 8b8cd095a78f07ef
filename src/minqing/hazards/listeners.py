"""What this room hears of others."""

from __future__ import annotations

from uuid import UUID

from minqing.hazards.services import follow_hazards, follow_matter
from minqing.journal.subscriptions import Event
from minqing.matters.queries import visible_matters
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def matter_moved(event: Event) -> None:
    """A matter has ended, or goes on: so does the hazard that was raised as it."""
    with acting_as(system_actor("hazards.follow")) as by:
        matter = visible_matters(by).filter(pk=event.subject.removeprefix("matter:")).first()
        if matter is not None:
            follow_matter(matter=matter, by=by)


def household_moved(event: Event) -> None:
    """A household's file changed: if it lies in another area now, its hazards go with it. Where its area became
    part of another one they stay, with the past of that place.
    """
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int) and event.data.get("kept") is not True:
        with acting_as(system_actor("hazards.follow")) as by:
            follow_hazards(household=UUID(event.subject.removeprefix("household:")), area=area, by=by)
