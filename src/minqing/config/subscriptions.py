"""News that travels upwards: when X happened, call Y. The only place where rooms are tied together this way."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from minqing.config import telling, telling_exports
from minqing.journal.subscriptions import Event, subscribe
from minqing.matters.services import count_stale_days, withdraw_publication_of
from minqing.org.queries import system_actor
from minqing.partners.services import queue_event
from minqing.privacy.access import acting_as
from minqing.visits.services import follow_household


def household_moved(event: Event) -> None:
    """A household's file changed: if its area did, its visits and diaries go with it."""
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int):
        household = UUID(event.subject.removeprefix("household:"))
        with acting_as(system_actor("visits.follow")) as by:
            follow_household(household_id=household, area_id=area, by=by)


def matter_moved(event: Event) -> None:
    """Something happened to a matter: partners who may know of it are sent word."""
    with acting_as(system_actor("partners.queue")) as by:
        queue_event(event, by=by)


def day_changed(event: Event) -> None:
    """Something happened to a matter: the days that it changed are counted anew."""
    count_stale_days(by=system_actor("matters.days"))


def matter_reopened(event: Event) -> None:
    """A solved matter is not solved after all: it is not told as one any longer."""
    with acting_as(system_actor("matters.publication")) as by:
        withdraw_publication_of(matter_id=UUID(event.subject.removeprefix("matter:")), by=by)


def working_time_changed(event: Event) -> None:
    """Working days, hours of a unit, or a term that what runs follows: deadlines are reckoned anew, in a job."""
    from minqing.matters.tasks import reckon

    if event.type == "org.unit.updated" and "hours" not in event.data.get("fields", ()):
        return
    if event.type == "matters.norm.changed" and not event.data.get("running"):
        return
    # a job that waits will see this change as well
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        reckon.defer()


def connect() -> None:
    """Tell the journal who listens. Called once in every process."""
    subscribe("visits-follow-households", ["households.household.updated"], household_moved)
    subscribe("matters-tell", telling.EVENTS, telling.tell)
    subscribe("exports-tell", sorted(telling_exports.TELLS), telling_exports.tell)
    subscribe("partners-hooks", ["matters.matter.*"], matter_moved)
    subscribe("matters-days", ["matters.matter.*"], day_changed)
    subscribe("publications-follow-reopening", ["matters.matter.reopened"], matter_reopened)
    subscribe(
        "matters-reckon",
        ["org.work_day.*", "org.work_days.loaded", "org.unit.updated", "matters.norm.changed"],
        working_time_changed,
    )
