"""What may be seen of bookings: those of the actor's places, of the own household, of providers one acts for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from minqing.audit.kinds import Numbered
from minqing.bookings.enums import HELD, State
from minqing.bookings.models import Booking, Hand, Wait
from minqing.bookings.rules import CONFIRM_DAYS, DECIDE_DAYS, KEEPERS, SEEN_FOR
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.journal.queries import last_change
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.enums import FIELD
from minqing.org.queries import system_actor, work_calendar
from minqing.privacy.access import acting_as, one_of


def seen_by(actor: Actor, lately: Q) -> Q:
    """The same as :func:`rules.may_see`; of what a provider's hands see only what is ``lately``."""
    if actor.kind == "system":
        return Q()
    if actor.kind == "resident":
        return Q(household=actor.household) if actor.household else Q(pk__in=[])
    theirs = one_of("area_id", actor.areas) if actor.has(*FIELD) else Q(pk__in=[])
    return theirs | (acted_for(actor) & lately)


def acted_for(actor: Actor) -> Q:
    """Of a provider for which the actor acts."""
    return Q(provider__in=Hand.objects.filter(account=actor.id).values("provider"))


def visible_bookings(actor: Actor) -> QuerySet[Booking]:
    """The latest time first."""
    since = clock.now() - SEEN_FOR
    lately = Q(state__in=sorted(HELD)) | Q(ends_at__gt=since) | Q(changed_at__gt=since)
    rows = Booking.objects.filter(seen_by(actor, lately)).select_related("provider", "service", "area")
    return rows.order_by("-begins_at", "-pk")


def booking_for(actor: Actor, booking_id: UUID) -> Booking:
    """Raises NotFound for one that the actor may not know of."""
    people = ("household", "taken_by", "done_by", "spoken_by")
    found = visible_bookings(actor).select_related("provider", "service", "area", *people)
    row = found.prefetch_related("provider__hands").filter(pk=booking_id).first()
    if row is None:
        raise NotFound("booking")
    return row


def booking_sent(id: UUID) -> Booking | None:
    """What the form with this id has booked."""
    with acting_as(system_actor("bookings.sent")):
        return Booking.objects.select_related("service", "provider").filter(pk=id).first()


def wait_sent(id: UUID) -> Wait | None:
    with acting_as(system_actor("bookings.sent")):
        return Wait.objects.filter(pk=id).first()


def of_household(actor: Actor, household: UUID, *, resident: UUID | None = None, most: int = 20) -> list[Booking]:
    """The latest of a household, or of one of its people."""
    rows = visible_bookings(actor).filter(household=household).prefetch_related("provider__hands")
    return list((rows.filter(resident=resident) if resident else rows)[:most])


@dataclass(frozen=True, slots=True)
class Claim:
    """What one side said of the other, that it was not there: the state that it led to, and when."""

    state: State
    at: datetime

    @property
    def label(self) -> str:
        return str(self.state.label)


CLAIMS: Final = {
    "bookings.booking.miss_said": State.MISS_SAID,
    "bookings.booking.fail_said": State.FAIL_SAID,
}


def answer_by(row: Booking) -> datetime | None:
    """Until when somebody is to speak, or to decide; None where nobody is waited for."""
    days = {
        State.DONE: (row.done_at, CONFIRM_DAYS),
        State.MISS_SAID: (row.changed_at, CONFIRM_DAYS),
        State.FAIL_SAID: (row.changed_at, CONFIRM_DAYS),
        State.DOUBTED: (row.changed_at, DECIDE_DAYS),
    }
    since, most = days.get(State(row.state), (None, 0))
    return work_calendar().add_working_days(since, most).at if since else None


def claim_of(row: Booking) -> Claim | None:
    """What was said first where the two differ on who was there; else None. The row's own state says no more of it."""
    if row.state != State.DOUBTED:
        return None
    event = last_change(f"booking:{row.pk}", *CLAIMS)
    return Claim(CLAIMS[event.type], event.at) if event else None


def names_of_services(ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """What was booked in each."""
    return list(Booking.objects.filter(pk__in=ids).values_list("pk", "service__name")) if ids else []


def waits_seen(actor: Actor) -> QuerySet[Wait]:
    return Wait.objects.filter(seen_by(actor, Q(day__gte=clock.today() - SEEN_FOR)))


def wait_for(actor: Actor, wait_id: UUID) -> Wait:
    """Raises NotFound for one that the actor may not know of."""
    found = waits_seen(actor).filter(pk=wait_id).first()
    if found is None:
        raise NotFound("wait")
    return found


def waits_on(actor: Actor, provider: int, day: date) -> list[Wait]:
    """Who waits or waited for a time of the provider on that day, in the order in which they joined."""
    rows = waits_seen(actor).filter(provider=provider, day=day).select_related("service", "resident")
    return list(rows.order_by("joined_at", "pk"))


def on_day(actor: Actor, provider: int, day: date) -> list[Booking]:
    """What the actor sees of a provider's day, the first of the day first."""
    since, until = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    rows = visible_bookings(actor).filter(provider=provider, begins_at__gte=since, begins_at__lt=until)
    return list(rows.prefetch_related("provider__hands").order_by("begins_at", "pk"))


def waits_of(household: UUID, *, resident: UUID | None = None) -> list[Wait]:
    """What somebody of a household waits for or waited for lately, the latest first; the caller has asked whose."""
    with acting_as(system_actor("bookings.waits")):
        rows = Wait.objects.filter(household=household).select_related("service", "provider").order_by("-joined_at")
        return list((rows.filter(resident=resident) if resident else rows)[:10])


def open_of(provider: int) -> QuerySet[Booking]:
    """Those of a provider that are not over, the next one first."""
    rows = Booking.objects.filter(provider=provider, state__in=sorted(HELD))
    return rows.select_related("service", "area").order_by("begins_at", "pk")


# neither over nor done as yet
COMING: Final = (State.BOOKED.value, State.OFFERED.value)


def coming_of(provider: int) -> int:
    """How many are still to come of a provider."""
    return open_of(provider).filter(state__in=COMING).count()


def their_turn(actor: Actor, now: datetime) -> Q:
    """Where the two sides differ a keeper decides; what is done the household's helper confirms with them. Neither
    where they act for the provider.
    """
    differ = Q(state=State.DOUBTED.value) if actor.has(*KEEPERS) else Q(pk__in=[])
    mine = Q(state__in=[State.DONE.value, State.MISS_SAID.value, State.OFFERED.value], taken_by=actor.id)
    return (differ & ~Q(spoken_by=actor.id) | mine) & ~acted_for(actor) & ~Q(done_by=actor.id)


def still_open(_actor: Actor, _now: datetime) -> Q:
    return Q(state__in=sorted(HELD))


NEXT_FIRST: Final = ("begins_at", "pk")
QUEUES: Final = Queues(
    visible_bookings,
    (
        Queue(
            "turn",
            gettext_lazy("Waits for you"),
            "person-check",
            FIELD,
            their_turn,
            NEXT_FIRST,
            pgettext_lazy("act", "Settle"),
        ),
        Queue("open", gettext_lazy("Not over yet"), "hourglass-split", FIELD, still_open, NEXT_FIRST),
    ),
)


def bookings_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Those of the ids that the actor sees."""
    return visible_bookings(actor).in_bulk(list(ids))


# what notices and the record call bookings
NUMBERED: Final = Numbered(code="booking", visible=visible_bookings, title=lambda row: row.service.name)
