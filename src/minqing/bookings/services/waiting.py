"""Who waits for a time on a full day. What is freed is kept for the first of them, for a while.

An offer is a booking like another: it takes the time, and the points for it are held. Who has too few by then is
passed over and reads so. Locks: the provider by name, who waits, then the ledger's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.bookings import rules
from minqing.bookings.enums import Move, WaitMove, WaitState
from minqing.bookings.lifecycle import WAIT
from minqing.bookings.models import Booking, Service, Wait
from minqing.bookings.queries import wait_sent
from minqing.bookings.queries.providers import hands_of
from minqing.bookings.queries.times import day_of
from minqing.bookings.services.booking import household_lock, lock_of, person_of, placed, refuse_more, still_offered
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@sent_once(made=lambda given: wait_sent(given["id"]))
def join_waiting(
    *,
    id: UUID,
    what: Service,
    household: UUID,
    resident: UUID,
    day: date,
    by: Actor,
    at: datetime | None = None,
) -> Wait:
    """They are told when a time of that day is free. Event: ``bookings.wait.joined``."""
    person, at = person_of(household, resident), at or clock.now()
    one_at_a_time(household_lock(household))
    one_at_a_time(lock_of(what.provider_id))
    rules.may_book(by, person.area_id, household, hands_of(what.provider_id)).require()
    service = still_offered(what, person)
    refuse_more(household)
    found = day_of(service, day, at)
    if found is None:
        raise Conflict("not_that_day", _("The provider is not there on that day, or the day is over."))
    if found.times:
        raise Conflict("free_times", _("There are free times on that day. Choose one of them."))
    with acting_as(system_actor("bookings.wait")):
        same = Wait.objects.filter(service=service, day=day, resident=resident, state=WaitState.WAITING.value)
        if same.exists():
            raise Conflict("waits_already", _("They wait for a time on that day already."))
        row = Wait(
            id=id,
            provider_id=service.provider_id,
            service=service,
            area_id=person.area_id,
            household_id=household,
            resident_id=resident,
            day=day,
            taken_by_id=by.id if by.kind == "user" else None,
            joined_at=at,
            changed_at=at,
        )
        return WAITS.finish(row, WaitMove.JOIN, by=by, at=at, data={"provider": service.provider_id})


@transaction.atomic
def leave_waiting(*, wait: Wait, by: Actor, at: datetime | None = None) -> Wait:
    """They do not wait any more. Event: ``bookings.wait.left``, if they did."""
    at = at or clock.now()
    one_at_a_time(lock_of(wait.provider_id))
    row = Wait.objects.select_for_update().filter(pk=wait.pk).first()
    if row is None or row.household_id is None:
        raise NotFound("wait")
    rules.may_book(by, row.area_id, row.household_id).require()
    if WAITS.target(row, WaitMove.LEAVE):
        WAITS.finish(row, WaitMove.LEAVE, by=by, at=at, changed_at=at)
    return row


def leave_all(rows: QuerySet[Wait], *, by: Actor, at: datetime) -> None:
    """Of these, those that wait for somebody who is erased wait no longer. Event: ``bookings.wait.left``."""
    waiting = rows.filter(state=WaitState.WAITING.value)
    for provider in sorted(set(waiting.values_list("provider", flat=True))):
        one_at_a_time(lock_of(provider))
    for row in waiting.select_for_update(of=("self",)).order_by("pk"):
        WAITS.finish(row, WaitMove.LEAVE, by=by, at=at, changed_at=at)


WAITS: Final = Moves(
    model=Wait,
    lifecycle=WAIT,
    # the booking's own event tells that one was offered, the provider's that nobody waits any more
    events={
        WaitMove.JOIN: "bookings.wait.joined",
        WaitMove.LEAVE: "bookings.wait.left",
        WaitMove.SKIP: "bookings.wait.passed",
    },
    subject=lambda row: f"wait:{row.pk}",
)


def offer_freed(provider: int, *, at: datetime) -> list[Booking]:
    """Offer what is free to those who wait for this provider, in the order in which they joined; the caller holds the
    provider's name. Who made the time free is told nothing of it.

    Events: ``bookings.booking.offered``, ``bookings.wait.passed``.
    """
    made: list[Booking] = []
    with acting_as(system_actor("bookings.offer")) as by:
        rows = Wait.objects.select_for_update(of=("self",)).select_related("service__provider")
        waiting = rows.filter(provider=provider, state=WaitState.WAITING.value, day__gte=clock.local_date(at))
        for row in waiting.order_by("day", "joined_at", "pk"):
            made += offered(row, by, at)
    return made


def offered(row: Wait, by: Actor, at: datetime) -> list[Booking]:
    """The first time that leaves enough of a while to answer."""
    day = day_of(row.service, row.day, at)
    soonest = at + rules.OFFER_BEFORE + rules.OFFER_LEAST
    begins_at = next((one for one in day.times if one >= soonest), None) if day else None
    if begins_at is None or row.household_id is None or row.resident_id is None:
        return []
    until = min(at + rules.OFFER_FOR, begins_at - rules.OFFER_BEFORE)
    try:
        with transaction.atomic():
            person = person_of(row.household_id, row.resident_id)
            refuse_more(row.household_id, offered=row)
            more: dict[str, Any] = {"offered_until": until, "taken_by": row.taken_by_id}
            made = placed(Move.OFFER, row.service, person, begins_at, by=by, at=at, **more)
    except (Conflict, NotFound):
        WAITS.finish(row, WaitMove.SKIP, by=by, at=at, changed_at=at)
        return []
    WAITS.finish(row, WaitMove.OFFER, by=by, at=at, booking=made, changed_at=at)
    return [made]
