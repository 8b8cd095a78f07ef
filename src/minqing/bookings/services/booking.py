"""A time of a provider is booked: the time, and the points for it, or neither.

Locks in one order, here and in all moves: the id of the form, the household by name, the provider by name, bookings,
then the ledger's own.
The database lets no two living bookings of a provider overlap, whoever inserts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minqing.bookings import rules
from minqing.bookings.enums import AFTERWARDS, HELD, Move, State, WaitState
from minqing.bookings.lifecycle import BOOKING
from minqing.bookings.models import Booking, Service, Term, Wait
from minqing.bookings.queries import booking_sent
from minqing.bookings.queries.providers import hands_of, offered_in, terms
from minqing.bookings.queries.times import days_of, next_times
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.core.ids import new_id
from minqing.core.numbering import Numbers
from minqing.core.reference import read_reference
from minqing.core.retry import one_at_a_time
from minqing.households.queries import visible_residents
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor
from minqing.points.queries.people import payer_with, payers_of
from minqing.points.services import reserve
from minqing.privacy.access import acting_as

CALLER: Final = "bookings"
NUMBERS: Final = Numbers("YY", "bookings_number")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a household, with what a provider needs to come."""

    household: UUID
    resident: UUID
    area_id: int
    name: str
    phone: str
    address: str


def person_of(household: UUID, resident: UUID) -> Person:
    """Raises NotFound for one who does not live there."""
    with acting_as(system_actor("bookings.person")) as by:
        people = visible_residents(by).filter(household=household, left_at=None).select_related("household")
        row = people.filter(pk=resident).first()
    if row is None:
        raise NotFound("resident")
    home = row.household
    return Person(household, resident, home.area_id, row.name, row.phone or "", home.address)


@sent_once(made=lambda given: booking_sent(given["id"]))
def book(
    *,
    id: UUID,
    what: Service,
    household: UUID,
    resident: UUID,
    begins_at: datetime,
    by: Actor,
    at: datetime | None = None,
) -> Booking:
    """That time is theirs, and the points for it are held. Raises Conflict, with the next free times, where somebody
    was quicker. Event: ``bookings.booking.made``.
    """
    person, at = person_of(household, resident), at or clock.now()
    one_at_a_time(household_lock(household))
    one_at_a_time(lock_of(what.provider_id))
    rules.may_book(by, person.area_id, household, hands_of(what.provider_id)).require()
    service = still_offered(what, person)
    refuse_more(household)
    if begins_at not in [one for day in days_of(service, at, most=10_000) for one in day.times]:
        raise time_gone(service, at)
    taken_by = by.id if by.kind == "user" else None
    with acting_as(system_actor("bookings.book")):
        return placed(Move.BOOK, service, person, begins_at, id=id, by=by, at=at, taken_by=taken_by)


def lock_of(provider: int) -> str:
    """Within this name the times of a provider are given out one after the other."""
    return f"bookings:provider:{provider}"


def household_lock(household: UUID) -> str:
    """Within this name, which comes before that of a provider, it is counted what a household has open."""
    return f"bookings:household:{household}"


def still_offered(service: Service, person: Person) -> Service:
    found = next((one for one in offered_in(person.area_id) if one.pk == service.pk), None)
    if found is None:
        raise Conflict("service_ended", _("This service is not offered here any more. Choose another one."))
    return found


def refuse_more(household: UUID, *, offered: Wait | None = None) -> None:
    """Raises Conflict where the household has as much open as one may have. Who waits counts like who has booked, so
    that what is ``offered`` to one of them is no more than there was.
    """
    with acting_as(system_actor("bookings.count")):
        count = Booking.objects.filter(household=household, state__in=sorted(HELD - AFTERWARDS)).count()
        count += Wait.objects.filter(household=household, state=WaitState.WAITING.value).count() - bool(offered)
    if count >= rules.OPEN_AT_MOST:
        raise Conflict(
            "too_many_open",
            _("This household has booked or waits for %(n)s services that are not over yet. Book again when one is.")
            % {"n": count},
        )


def time_gone(service: Service, at: datetime) -> Conflict:
    """Somebody was quicker, or the time was never free: which ones are free next."""
    local = [one.astimezone(clock.SHANGHAI) for one in next_times(service, at)]
    if not local:
        return Conflict("time_taken", _("This time is taken by now, and no other one is free within four weeks."))
    told = "、".join(f"{one:%m-%d %H:%M}" for one in local)
    return Conflict("time_taken", _("This time is taken by now. Free next: %(times)s.") % {"times": told})


def placed(
    move: Move,
    service: Service,
    person: Person,
    begins_at: datetime,
    *,
    id: UUID | None = None,
    by: Actor,
    at: datetime,
    taken_by: UUID | None = None,
    offered_until: datetime | None = None,
) -> Booking:
    """The row and the hold; whoever calls has opened the walls and holds the provider's name."""
    id, term, begun = id or new_id(), terms(), begins_at + timedelta(minutes=service.minutes)
    payer = purse_with(person, service.price)
    hold, held_until = held(f"hold:{id}", payer, service, begun, by=by, at=at)
    row = Booking(
        pk=id,
        number=NUMBERS.next(at),
        provider_id=service.provider_id,
        service=service,
        area_id=person.area_id,
        household_id=person.household,
        resident_id=person.resident,
        name=person.name,
        phone=person.phone,
        address="" if service.place else person.address,
        begins_at=begins_at,
        ends_at=begun,
        price=service.price,
        payer_id=payer,
        hold=hold,
        held_until=held_until,
        free_until=max(begins_at - timedelta(hours=term["cancel"].hours), min(at + rules.REGRET, begins_at)),
        late_share=term["cancel"].share,
        missed_share=term["missed"].share,
        offered_until=offered_until,
        taken_by_id=taken_by,
        made_at=at,
        changed_at=at,
    )
    try:
        with transaction.atomic():
            return BOOKINGS.finish(row, move, by=by, at=at)
    except IntegrityError as error:
        if "bookings_no_two" not in str(error):
            raise
        raise time_gone(service, at) from error


def purse_with(person: Person, points: int) -> int:
    """The account that pays: the person's own before the household's, whichever has enough. Raises Conflict."""
    with acting_as(system_actor("bookings.purse")) as by:
        payers = payers_of(by, household=person.household, resident=person.resident)
    found = payer_with(payers, points)
    if found is None:
        told = {"points": points, "has": max((one.available for one in payers), default=0)}
        raise Conflict("points_insufficient", _("This takes %(points)s points, and there are %(has)s.") % told)
    return found.account


def hold_until(ends_at: datetime, at: datetime) -> datetime:
    return max(ends_at, at) + rules.HOLD_AFTER


def held(key: str, payer: int, service: Service, ends_at: datetime, *, by: Actor, at: datetime) -> tuple[int, datetime]:
    """The hold, until well after both sides have spoken."""
    until = hold_until(ends_at, at)
    answer = reserve(
        caller=CALLER,
        key=key,
        debit=payer,
        credit=service.provider.account_id,
        amount=service.price,
        lasting=until - at,
        about=f"booking:{key.split(':')[1]}",
        by=by,
    ).checked()
    return answer.ids[0], until


@transaction.atomic
def load_terms(*, by: Actor) -> int:
    """Bring what comes back of the points to this release's; what was booked keeps its own. Returns how many changed.

    Event: ``bookings.terms.loaded``.
    """
    one_at_a_time("bookings:terms")
    before, changed = terms(), 0
    for item in read_reference("minqing.bookings", "terms")["items"]:
        row = before.get(item["code"])
        if row is None or (row.hours, row.share) != (item["hours"], item["share"]):
            Term(**item).save()
            changed += 1
    if changed:
        record(type="bookings.terms.loaded", subject="terms", by=by, data={"changed": changed})
    return changed


def event_data(row: Booking) -> dict[str, Json]:
    return {"number": row.number, "provider": row.provider_id, "area": row.area_id, "points": row.price}


BOOKINGS: Final[Moves[Booking, State, Move]] = Moves(
    model=Booking,
    lifecycle=BOOKING,
    events={
        Move.BOOK: "bookings.booking.made",
        Move.OFFER: "bookings.booking.offered",
        Move.ACCEPT: "bookings.booking.accepted",
        Move.LAPSE: "bookings.booking.lapsed",
        Move.CANCEL: "bookings.booking.cancelled",
        Move.CALL_OFF: "bookings.booking.called_off",
        Move.ARRIVE: "bookings.booking.arrived",
        Move.FINISH: "bookings.booking.done",
        Move.CONFIRM: "bookings.booking.confirmed",
        Move.DOUBT: "bookings.booking.doubted",
        Move.SAY_MISSED: "bookings.booking.miss_said",
        Move.SAY_NOT_COME: "bookings.booking.fail_said",
        Move.CONTRADICT: "bookings.booking.contradicted",
        Move.MISS: "bookings.booking.missed",
        Move.FAIL: "bookings.booking.not_come",
        Move.GIVE_BACK: "bookings.booking.returned",
    },
    subject=lambda row: f"booking:{row.pk}",
    event_data=event_data,
    rows=lambda: Booking.objects.select_related("service", "provider"),
)
