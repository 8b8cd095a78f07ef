"""What happens to a booking, and what becomes of its points. Each is one move, one event.

Locks: the provider by name, the booking, then the ledger's own, as in :mod:`minqing.bookings.services.booking`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.bookings import rules
from minqing.bookings.enums import Move, State
from minqing.bookings.models import Booking
from minqing.bookings.services.booking import BOOKINGS, CALLER, hold_until, lock_of
from minqing.bookings.services.waiting import offer_freed
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid
from minqing.core.formats import check_length
from minqing.core.retry import one_at_a_time
from minqing.journal.services import Json, record
from minqing.points.enums import AccountKind, Code, Outcome
from minqing.points.services import (
    Posting,
    hold_anew,
    house_account,
    post_hold,
    post_transfers,
    reverse_transfer,
    void_hold,
)

# a reason is asked for where somebody else will read it
SAID: Final = frozenset({Move.CALL_OFF, Move.DOUBT, Move.CONTRADICT, Move.GIVE_BACK})


def begin(booking: Booking, move: Move, by: Actor, at: datetime) -> Booking:
    """The row, locked after its provider's times, if the actor may make that move."""
    one_at_a_time(lock_of(booking.provider_id))
    row = BOOKINGS.lock(booking.pk)
    rules.may(move, by, row.situation, at).require()
    return row


def account(by: Actor) -> UUID | None:
    """None for who has none: a resident at the door, and time."""
    return by.id if by.kind == "user" else None


def said(move: Move, words: str) -> dict[str, Any]:
    """The reason, if one is given; raises Invalid where it is missing."""
    text = check_length(clean(words), rules.LONGEST_WORDS)
    if move in SAID and not text:
        raise Invalid("reason", _("Write why, in words that the other side understands."))
    return {"reason": text} if text else {}


@transaction.atomic
def accept_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """What was offered to who waited is booked. Event: ``bookings.booking.accepted``."""
    at = at or clock.now()
    row = begin(booking, Move.ACCEPT, by, at)
    if row.offered_until is not None and row.offered_until <= at:
        raise Conflict("offer_over", _("The time for this offer is over."))
    return BOOKINGS.finish(row, Move.ACCEPT, by=by, at=at, changed_at=at)


@transaction.atomic
def decline_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """An offer is not taken, or its time is over: the next who waits is offered it.

    Event: ``bookings.booking.lapsed``.
    """
    at = at or clock.now()
    row = begin(booking, Move.LAPSE, by, at)
    return freed(row, Move.LAPSE, by=by, at=at)


@transaction.atomic
def cancel_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """Before the limit all points come back, later the share that was said. Event: ``bookings.booking.cancelled``."""
    at = at or clock.now()
    row = begin(booking, Move.CANCEL, by, at)
    share = 100 if at <= row.free_until else row.late_share
    return freed(row, Move.CANCEL, share=share, by=by, at=at)


@transaction.atomic
def call_off_booking(*, booking: Booking, words: str, by: Actor, at: datetime | None = None) -> Booking:
    """The provider cannot come: all points come back, and nobody is offered the time.

    Event: ``bookings.booking.called_off``.
    """
    at = at or clock.now()
    row = begin(booking, Move.CALL_OFF, by, at)
    return ended(row, Move.CALL_OFF, by=by, at=at, **said(Move.CALL_OFF, words))


@transaction.atomic
def arrive_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """The provider is there. Event: ``bookings.booking.arrived``."""
    at = at or clock.now()
    return BOOKINGS.finish(begin(booking, Move.ARRIVE, by, at), Move.ARRIVE, by=by, at=at, changed_at=at)


@transaction.atomic
def finish_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """The provider says that it is done; the points stay held until the other side confirms it.

    Event: ``bookings.booking.done``.
    """
    at = at or clock.now()
    row = begin(booking, Move.FINISH, by, at)
    return BOOKINGS.finish(row, Move.FINISH, by=by, at=at, done_by_id=by.person, done_at=at, changed_at=at)


@transaction.atomic
def confirm_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """It was done: the provider gets the points. Event: ``bookings.booking.confirmed``."""
    at = at or clock.now()
    row = begin(booking, Move.CONFIRM, by, at)
    transfer = paid(row, row.price, by)
    back = 0 if transfer else row.price
    return BOOKINGS.finish(
        row, Move.CONFIRM, by=by, at=at, data=decided(row), transfer=transfer, returned=back, changed_at=at
    )


@transaction.atomic
def doubt_booking(*, booking: Booking, words: str, by: Actor, at: datetime | None = None) -> Booking:
    """The household says that it was not done: a keeper looks, the points stay held.

    Event: ``bookings.booking.doubted``.
    """
    at = at or clock.now()
    row = begin(booking, Move.DOUBT, by, at)
    return BOOKINGS.finish(
        row, Move.DOUBT, by=by, at=at, changed_at=at, spoken_by_id=account(by), **said(Move.DOUBT, words)
    )


@transaction.atomic
def say_missed(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """The provider says that nobody was at home: the household is told, the points stay held, and it may contradict.

    Event: ``bookings.booking.miss_said``.
    """
    at = at or clock.now()
    row = begin(booking, Move.SAY_MISSED, by, at)
    return BOOKINGS.finish(row, Move.SAY_MISSED, by=by, at=at, done_by_id=by.person, changed_at=at)


@transaction.atomic
def say_not_come(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """The household says that the provider did not come: it is told, the points stay held, and it may contradict.

    Event: ``bookings.booking.fail_said``.
    """
    at = at or clock.now()
    row = begin(booking, Move.SAY_NOT_COME, by, at)
    return BOOKINGS.finish(row, Move.SAY_NOT_COME, by=by, at=at, spoken_by_id=account(by), changed_at=at)


@transaction.atomic
def contradict_booking(*, booking: Booking, words: str, by: Actor, at: datetime | None = None) -> Booking:
    """The side that is said not to have been there says otherwise: a keeper decides, the points stay held.

    Event: ``bookings.booking.contradicted``.
    """
    at = at or clock.now()
    row = begin(booking, Move.CONTRADICT, by, at)
    who: dict[str, Any] = {"spoken_by_id" if row.state == State.MISS_SAID else "done_by_id": account(by)}
    return BOOKINGS.finish(row, Move.CONTRADICT, by=by, at=at, changed_at=at, **who, **said(Move.CONTRADICT, words))


@transaction.atomic
def miss_booking(*, booking: Booking, by: Actor, at: datetime | None = None) -> Booking:
    """Nobody was at home, and nobody has contradicted, or it was decided: the share that was said comes back.

    Event: ``bookings.booking.missed``.
    """
    at = at or clock.now()
    row = begin(booking, Move.MISS, by, at)
    return ended(row, Move.MISS, share=row.missed_share, by=by, at=at)


@transaction.atomic
def fail_booking(*, booking: Booking, words: str = "", by: Actor, at: datetime | None = None) -> Booking:
    """The provider did not come, or it was not done, by its own word, silence or who decided: all points come back.
    Event: ``bookings.booking.not_come``.
    """
    at = at or clock.now()
    row = begin(booking, Move.FAIL, by, at)
    return ended(row, Move.FAIL, by=by, at=at, **said(Move.FAIL, words))


@transaction.atomic
def give_back_points(*, booking: Booking, words: str, by: Actor, at: datetime | None = None) -> Booking:
    """For a good reason the rest comes back too, once; what the provider was paid for already the county carries.
    Event: ``bookings.booking.returned``."""
    at = at or clock.now()
    row = begin(booking, Move.GIVE_BACK, by, at)
    reason = said(Move.GIVE_BACK, words)
    if row.transfer is not None:
        loss = house_account(kind=AccountKind.LOSS, by=by).pk
        key = f"return:{row.pk}"
        reverse_transfer(caller=CALLER, key=key, transfer=row.transfer, loss=loss, by=by, reason="given back").checked()
    return BOOKINGS.finish(row, Move.GIVE_BACK, by=by, at=at, returned=row.price, changed_at=at, **reason)


@transaction.atomic
def rate_booking(*, booking: Booking, satisfied: bool, words: str, by: Actor, at: datetime | None = None) -> Booking:
    """What the household says of how it was: for the provider and who keeps it, and no figure is made of it.
    Event: ``bookings.booking.rated``."""
    at = at or clock.now()
    one_at_a_time(lock_of(booking.provider_id))
    row = BOOKINGS.lock(booking.pk)
    rules.may_rate(by, row.situation).require()
    row.satisfied, row.said, row.changed_at = satisfied, check_length(clean(words), rules.LONGEST_WORDS), at
    row.save(update_fields=["satisfied", "said", "changed_at"])
    record(type="bookings.booking.rated", subject=f"booking:{row.pk}", by=by, at=at, data={"number": row.number})
    return row


def freed(row: Booking, move: Move, *, share: int = 100, by: Actor, at: datetime) -> Booking:
    """Ended by the household's side: the time is free for whoever waits."""
    done = ended(row, move, share=share, by=by, at=at)
    offer_freed(row.provider_id, at=at)
    return done


def ended(row: Booking, move: Move, *, share: int = 100, by: Actor, at: datetime, **more: Any) -> Booking:
    """The hold ends: so many per cent come back, the rest is the provider's."""
    back = rules.returned(row.price, share)
    changes: dict[str, Any] = {"returned": back, "changed_at": at, **more}
    if back:
        changes["hold"] = free(row, back, by=by, at=at)
    if row.price > back:
        changes["transfer"] = paid(row, row.price - back, by)
        if changes["transfer"] is None:
            changes["returned"] = row.price
    data: dict[str, Json] = {"returned": changes["returned"], **decided(row)}
    return BOOKINGS.finish(row, move, by=by, at=at, data=data, **changes)


def decided(row: Booking) -> dict[str, Json]:
    """What the event adds where a person decides between two sides that differ."""
    return {"decided": True} if row.state == State.DOUBTED else {}


def free(row: Booking, back: int, *, by: Actor, at: datetime) -> int:
    """So many points come back, with the days until which they are good; the others stay held: under which number. A
    hold that is over has given all back by itself.
    """
    if back == row.price:
        answer = void_hold(caller=CALLER, key=f"void:{row.hold}", hold=row.hold, by=by)
    else:
        left, until = row.price - back, hold_until(row.ends_at, at)
        answer = hold_anew(caller=CALLER, key=f"part:{row.hold}", hold=row.hold, amount=left, lasting=until - at, by=by)
        row.hold = answer.ids[0] if answer else row.hold
    if answer.outcome is not Outcome.EXPIRED:
        answer.checked()
    return row.hold


def paid(row: Booking, points: int, by: Actor) -> int | None:
    """What is held goes to the provider: the transfer. Where the hold is over, which its renewing prevents, the points
    are the household's again, and the county carries the work that was done: None.
    """
    answer = post_hold(caller=CALLER, key=f"post:{row.hold}", hold=row.hold, by=by)
    if answer.outcome is not Outcome.EXPIRED:
        return answer.checked().ids[0]
    loss = house_account(kind=AccountKind.LOSS, by=by).pk
    posting = Posting(loss, row.provider.account_id, points, Code.CARRY, f"booking:{row.pk}")
    post_transfers(caller=CALLER, key=f"carry:{row.pk}", postings=[posting], by=by).checked()
    return None
