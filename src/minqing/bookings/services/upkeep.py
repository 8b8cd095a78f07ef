"""What becomes of bookings as time passes: offers run out, silence is an answer, holds are renewed, people reminded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.bookings import rules
from minqing.bookings.enums import HELD, State, WaitMove
from minqing.bookings.models import Booking, Wait
from minqing.bookings.services.booking import BOOKINGS, CALLER, held, hold_until, lock_of
from minqing.bookings.services.moves import (
    confirm_booking,
    contradict_booking,
    decline_booking,
    doubt_booking,
    fail_booking,
    miss_booking,
)
from minqing.bookings.services.waiting import WAITS
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.retry import one_at_a_time
from minqing.journal.services import record
from minqing.org.queries import work_calendar
from minqing.points.enums import Outcome
from minqing.points.services import hold_anew
from minqing.privacy.access import transaction_as

logger = logging.getLogger(__name__)


def pass_time(*, by: Actor, at: datetime | None = None) -> int:
    """All that time does, each booking in a transaction of its own. Returns how many things were done.

    Events: those of the moves, ``bookings.booking.reminded``, ``bookings.booking.renewed``, ``bookings.booking.urged``.
    """
    at = at or clock.now()
    rows = Booking.objects.select_related("provider", "service").order_by("begins_at", "pk")
    done = each(rows.filter(state=State.OFFERED.value, offered_until__lte=at), decline_booking, by, at)
    finished = rows.filter(state=State.DONE.value, done_at__lt=at)
    done += each(finished, settle_silence, by, at, only=lambda row: silent(row.done_at, rules.CONFIRM_DAYS, at))
    said = rows.filter(state=State.MISS_SAID.value, changed_at__lt=at)
    done += each(said, settle_silence, by, at, only=lambda row: silent(row.changed_at, rules.CONFIRM_DAYS, at))
    said = rows.filter(state=State.FAIL_SAID.value, changed_at__lt=at)
    done += each(said, fail_booking, by, at, only=lambda row: silent(row.changed_at, rules.CONFIRM_DAYS, at))
    differ = rows.filter(state=State.DOUBTED.value, changed_at__lt=at, urged_at=None)
    done += each(differ, urge, by, at, only=lambda row: silent(row.changed_at, rules.DECIDE_DAYS, at))
    unsaid = rows.filter(state__in=[State.BOOKED.value, State.ARRIVED.value], ends_at__lt=at)
    done += each(unsaid, fail_booking, by, at, only=lambda row: silent(row.ends_at, rules.SILENT_DAYS, at))
    done += each(rows.filter(state__in=sorted(HELD), held_until__lt=at + rules.RENEW), renew_hold, by, at)
    soon = rows.filter(state=State.BOOKED.value, begins_at__gt=at, begins_at__lte=at + rules.REMIND, reminded_at=None)
    done += each(soon, remind, by, at)
    with transaction_as(by):
        done += WAITS.move_all(Wait.objects.filter(day__lt=clock.local_date(at)), WaitMove.END, changed_at=at)
    return done


def settle_silence(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """The household has said nothing: it was done, or nobody was at home, as the provider says. Where the same person
    booked it and acts for the provider, nobody of the other side has spoken at all, and a keeper decides.
    """
    if not booking.situation.is_one_side:
        settle = miss_booking if booking.state == State.MISS_SAID else confirm_booking
        return settle(booking=booking, by=by, at=at)
    words = str(_("Whoever booked it also acts for the provider, and the household has said nothing."))
    ask = contradict_booking if booking.state == State.MISS_SAID else doubt_booking
    return ask(booking=booking, words=words, by=by, at=at)


def silent(since: datetime | None, days: int, at: datetime) -> bool:
    """Whether so many working days have passed."""
    return since is not None and work_calendar().add_working_days(since, days).at <= at


def each(
    rows: QuerySet[Booking],
    act: Callable[..., Any],
    by: Actor,
    at: datetime,
    *,
    only: Callable[[Booking], bool] = lambda row: True,
) -> int:
    """One that somebody else moves meanwhile is theirs, and one that cannot be done holds up no other: it is logged by
    the class of the error alone, as words may name people.
    """
    with transaction_as(by):
        found = [row for row in rows if only(row)]
    done = 0
    for row in found:
        try:
            with transaction_as(by):
                act(booking=row, by=by, at=at)
        except DomainError:
            continue
        except Exception as error:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            logger.error("bookings: %s at %s, left as it is", kind, row.pk)
            continue
        done += 1
    return done


@transaction.atomic
def renew_hold(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """A hold that would run out under a booking that is not over is exchanged for a new one, of the same points.

    Event: ``bookings.booking.renewed``.
    """
    one_at_a_time(lock_of(booking.provider_id))
    row = BOOKINGS.lock(booking.pk)
    if row.state not in HELD or row.held_until >= at + rules.RENEW:
        return row
    key, until = f"hold:{row.pk}:{row.hold}", hold_until(row.ends_at, at)
    answer = hold_anew(
        caller=CALLER, key=f"anew:{row.hold}", hold=row.hold, amount=row.price, lasting=until - at, by=by
    )
    if answer.outcome is Outcome.EXPIRED:
        # the points are free again by now
        row.hold, row.held_until = held(key, row.payer_id, row.service, row.ends_at, by=by, at=at)
    else:
        row.hold, row.held_until = answer.checked().ids[0], until
    row.save(update_fields=["hold", "held_until"])
    record(type="bookings.booking.renewed", subject=f"booking:{row.pk}", by=by, at=at, data={"number": row.number})
    return row


@transaction.atomic
def urge(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """The two sides differ, and nobody has decided in time: who may is reminded, once.

    Event: ``bookings.booking.urged``.
    """
    one_at_a_time(lock_of(booking.provider_id))
    row = BOOKINGS.lock(booking.pk)
    if row.state == State.DOUBTED and row.urged_at is None:
        row.urged_at = at
        row.save(update_fields=["urged_at"])
        record(type="bookings.booking.urged", subject=f"booking:{row.pk}", by=by, at=at, data={"number": row.number})
    return row


@transaction.atomic
def remind(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """It begins soon: who is to be there is told, of what stands at this moment.

    Event: ``bookings.booking.reminded``.
    """
    one_at_a_time(lock_of(booking.provider_id))
    row = BOOKINGS.lock(booking.pk)
    if row.state == State.BOOKED and row.reminded_at is None:
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        record(type="bookings.booking.reminded", subject=f"booking:{row.pk}", by=by, at=at, data={"number": row.number})
    return row
