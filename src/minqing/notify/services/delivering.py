"""Delivering what is due: one message at a time is taken, sent outside any transaction, and settled.

Two workers never hold one message: it is taken under a row lock that others skip, and from then on it is SENDING
under a lease. A worker that dies leaves it there; when the lease has run out, the message is tried again where the
carrier reaches nobody twice, and parked as unknown where it might.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.notify import carriers
from minqing.notify.carriers.base import Carrier, Message, NotTaken, Trouble, Unknown
from minqing.notify.enums import Channel, Mode, Move, State
from minqing.notify.kinds import KINDS
from minqing.notify.lifecycle import DUE
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import address_on, job, wishes_of
from minqing.notify.queries.texts import compose
from minqing.notify.rules import LEASE, Wish, after_quiet
from minqing.notify.services.digest import gather_digests
from minqing.notify.services.results import MESSAGES, UNKNOWN, Outcome, after, apply, failed, settle
from minqing.privacy.access import transaction_as
from minqing.web.public_origin import public_origin

logger = logging.getLogger(__name__)
# one carrier that is down must not use up everybody's time: the others go on, it has its turn in the next run
MOST_TROUBLES = 3
RUN_SECONDS = 25.0


@dataclass(slots=True)
class Delivered:
    """What one run did, by move."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: Counter[Channel] = field(default_factory=Counter)

    @property
    def sent(self) -> int:
        return self.counts[Move.SEND]

    def resting(self) -> set[Channel]:
        return {channel for channel, times in self.troubles.items() if times >= MOST_TROUBLES}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this worker holds, read in full while the wall was open."""

    id: UUID
    tries: int
    channel: Channel
    kind: str
    params: dict[str, object]
    language: str
    address: str = field(repr=False)
    link: str = field(repr=False)


def deliver_due(
    *, limit: int = 200, at: datetime | None = None, only: UUID | None = None, seconds: float = RUN_SECONDS
) -> Delivered:
    """Send up to ``limit`` messages whose time has come by ``at`` (now), for at most about ``seconds``.

    ``only`` is one message, for the operator's test. Makes the day's digests and looks after lost workers first.
    """
    done, until = Delivered(), time.monotonic() + seconds
    for name, first in (("digest", gather_digests), ("lost", look_after_lost)):
        try:
            done.counts[name] = first(at=at or clock.now())
        except Exception:
            # what is due goes out all the same
            logger.exception("messages: %s failed", name)
    for _turn in range(limit):
        if time.monotonic() >= until:
            break
        usable = [channel for channel in carriers.channels() if channel not in done.resting()]
        found = claim(usable, at=at or clock.now(), only=only)
        if found is None:
            break
        if isinstance(found, Taken):
            carry(found, done, at)
    return done


def claim(usable: Collection[Channel], *, at: datetime, only: UUID | None = None) -> Taken | bool | None:
    """Lock the next message that is due and lease it; None when there is none, True when it was put off or dropped."""
    row = None
    try:
        with transaction_as(job()):
            due = Outgoing.objects.filter(
                state__in=list(DUE), next_at__lte=at, channel__in=[channel.value for channel in usable]
            )
            if only is not None:
                due = due.filter(pk=only)
            row = due.select_for_update(skip_locked=True).order_by("next_at", "id").first()
            return leased(row, at=at) if row is not None else None
    except Exception:
        if row is None:
            raise
        # what is stored of it cannot be read (a key is gone, an account is broken): the others go on
        logger.exception("the message %s could not be taken", row.pk)
        put_off(row.pk, at=at)
        return True


def put_off(id: UUID, *, at: datetime) -> None:
    with transaction_as(job()):
        row = Outgoing.objects.select_for_update().filter(pk=id, state__in=list(DUE)).first()
        if row is not None:
            MESSAGES.finish(row, Move.TAKE, by=job(), at=at, tries=row.tries + 1)
            apply(row, failed("not_readable", row.tries), at=at)


def leased(row: Outgoing, *, at: datetime) -> Taken | bool:
    """Lease a locked message that is due; True when it was put off or dropped instead."""
    channel = Channel(row.channel)
    address = row.address if row.account is None else address_on(row.account, channel)
    wish = wishes_of(row.account)[channel] if row.account else Wish(Mode.AT_ONCE)
    kind = KINDS.get(row.kind)
    urgent = kind is not None and kind.urgent
    if not address or wish.mode is Mode.OFF:
        apply(row, Outcome(Move.DROP, "turned_off" if address else "no_address"), at=at)
        return True
    if not urgent and (later := after_quiet(wish, at)) > at:
        # it failed, or the worker was away, until the night
        row.next_at = later
        row.save(update_fields=["next_at"])
        return True
    return lease(row, address, at=at)


def lease(row: Outgoing, address: str, *, at: datetime) -> Taken:
    MESSAGES.finish(row, Move.TAKE, by=job(), at=at, tries=row.tries + 1, lease_until=at + LEASE)
    link = row.link or Notice.objects.filter(pk=row.notice).values_list("link", flat=True).first() or "/notices/"
    return Taken(row.pk, row.tries, Channel(row.channel), row.kind, row.params, row.language, address, link)


def carry(taken: Taken, done: Delivered, at: datetime | None) -> None:
    carrier = carriers.carrier_for(taken.channel)
    outcome = tried(taken, carrier, done)
    counted = settle(taken.id, taken.tries, outcome, at=at or clock.now())
    done.counts[outcome.move if counted else "late"] += 1


def tried(taken: Taken, carrier: Carrier, done: Delivered) -> Outcome:
    """Send it; whatever goes wrong, this message alone is concerned."""
    try:
        message = written(taken)
    except Exception:
        # nothing was sent: a kind that is gone, a parameter that does not fit
        logger.exception("a message could not be written")
        return failed("not_written", taken.tries)
    try:
        provider_id = carrier.send(message)
    except Trouble as trouble:
        if isinstance(trouble, NotTaken | Unknown):
            done.troubles[taken.channel] += 1
        return after(trouble, carrier, taken.tries)
    except Exception:
        logger.exception("a carrier failed")
        return after(Unknown("carrier_failed"), carrier, taken.tries)
    done.troubles[taken.channel] = 0
    # a carrier that gives the address back as its name for the message
    return Outcome(Move.SEND, provider_id="" if taken.address in provider_id else provider_id)


def written(taken: Taken) -> Message:
    text = compose(taken.kind, taken.params, taken.language)
    return Message(
        id=str(taken.id),
        to=taken.address,
        kind=taken.kind,
        title=text.title,
        body=text.body,
        params=text.params,
        url=f"{public_origin()}{taken.link}",
        path=taken.link,
        language=taken.language,
    )


def look_after_lost(*, at: datetime) -> int:
    """Messages whose worker died while it sent them; returns how many."""
    usable = carriers.makers()
    count = 0
    with transaction_as(job()):
        lost = Outgoing.objects.filter(state=State.SENDING, lease_until__lt=at).select_for_update(skip_locked=True)
        for row in lost.order_by("lease_until", "id"):
            try:
                with transaction.atomic():
                    lost_one(row, usable.get(Channel(row.channel)), at=at)
                count += 1
            except Exception:
                logger.exception("the lost message %s could not be settled", row.pk)
    return count


def lost_one(row: Outgoing, maker: Callable[[], Carrier] | None, *, at: datetime) -> None:
    safe = maker is not None and maker().repeats_safely
    apply(row, failed("worker_lost", row.tries) if safe else Outcome(Move.PARK, UNKNOWN), at=at)
