"""What this room hears of others."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.sync import serializers
from minqing.sync.services import follow_letters
from minqing.visits.services import follow_household


def visits_changed(event: Event) -> None:
    """Visits were recorded or went along with a household: the days that changed are counted anew, in a job."""
    from minqing.visits.tasks import count_days

    # one that waits will see this change as well
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        count_days.defer()


def household_moved(event: Event) -> None:
    """A household's file changed: if its area did, its visits and diaries go with it."""
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int):
        household = UUID(event.subject.removeprefix("household:"))
        with acting_as(system_actor("visits.follow")) as by:
            follow_household(household_id=household, area_id=area, kept=event.data.get("kept") is True, by=by)


def letters_follow(event: Event) -> None:
    """Who leads where a household lies now decides about what waits of it. Where its area became part of another one
    it stays: who leads there sees it. Heard by itself, since whoever decides locks letters before households.
    """
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and event.data.get("kept") is not True and isinstance(area, int):
        follow_letters(about=event.subject, area_id=area, parse=serializers.inside)
