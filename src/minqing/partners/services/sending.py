"""Deliveries leave: claimed one by one, sent outside any transaction, and what became of it is written down."""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Refused
from minqing.core.ssrf_guard import AddressRefused, Answer, Guard, NotSent, post
from minqing.core.timekeeping import lived_now
from minqing.journal.moves import Moves
from minqing.journal.services import record
from minqing.partners import rules
from minqing.partners.enums import DUE, DeliveryState, Turn
from minqing.partners.formats import signing
from minqing.partners.lifecycle import DELIVERY
from minqing.partners.models import Delivery, Endpoint
from minqing.partners.queries.hooks import due, own_guard, own_host, secrets_of, too_old, with_source
from minqing.partners.services.handshake import ORIGIN_HEADER
from minqing.privacy.seal import CannotDecrypt

logger = logging.getLogger(__name__)
SENDER: Final = Actor.system("partners.send")
CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
# longer than a call may take: whoever dies while sending leaves the row to others after this
LEASE: Final = timedelta(seconds=60)
THREADS: Final = 8
SECONDS: Final = 25.0
GONE: Final = 410
AT_ONCE: Final = 500
# a round begins every ten seconds (tasks.py)
EVERY: Final = timedelta(seconds=10)
MINUTE: Final = timedelta(minutes=1)


def send_due(*, guard: Guard | None = None, threads: int = THREADS, at: datetime | None = None) -> int:
    """Send what is due, to ``threads`` endpoints at a time. Returns how many deliveries were tried.

    An endpoint is called once at a time and, after a failure, no more in this round: a slow one takes one thread for
    one time-out, and the others go on. ``at`` is the time to go by; without it, the clock.
    """
    try:
        lay_aside_old(at=at or lived_now())
    except Exception:
        logger.exception("what waited too long could not be laid aside")
    round = Round(guard or own_guard(), at)
    if threads == 1:
        round.work()
    else:
        workers = [threading.Thread(target=round.work_apart, name=f"partners-{n}") for n in range(threads)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    return round.tried


class Round:
    """One round of sending, shared by its threads."""

    def __init__(self, guard: Guard, at: datetime | None) -> None:
        self.guard, self.at = guard, at
        self.lock = threading.Lock()
        self.held: set[UUID] = set()
        self.sent: Counter[UUID] = Counter()
        self.tried = 0
        self.until = time.monotonic() + SECONDS

    def work_apart(self) -> None:
        try:
            self.work()
        except Exception:
            # the database went away: the next round begins anew
            logger.exception("a thread of the partners' round ended")
        finally:
            # the thread's own; nobody else would close it
            connection.close()

    def work(self) -> None:
        while time.monotonic() < self.until and (claimed := self.next()) is not None:
            try:
                state = deliver(claimed, guard=self.guard, at=self.at)
            except Exception:
                # nothing could be written down of it; it comes again when its lease is over, and the others go on
                logger.exception("delivery %s could not be settled", claimed.pk)
                continue
            if state is DeliveryState.DELIVERED:
                with self.lock:
                    self.let_go(claimed.endpoint)

    def let_go(self, endpoint: Endpoint) -> None:
        """It may be called again, unless it has had in this round what it takes (``WebHook-Allowed-Rate``)."""
        self.sent[endpoint.pk] += 1
        if endpoint.rate is None or self.sent[endpoint.pk] < max(1, endpoint.rate * EVERY // MINUTE):
            self.held.discard(endpoint.pk)

    def next(self) -> Delivery | None:
        with self.lock:
            claimed = claim(at=self.at or clock.now(), without=self.held)
            if claimed is not None:
                self.held.add(claimed.endpoint_id)
                self.tried += 1
            return claimed


@transaction.atomic
def lay_aside_old(*, at: datetime) -> int:
    """Nobody is sent what happened long ago, as after an endpoint was off: it is laid aside, replayable. How many."""
    rows = list(too_old(at).select_for_update(skip_locked=True, of=("self",)).order_by("queued_at")[:AT_ONCE])
    for row in rows:
        move(row, Turn.GIVE_UP, at=at, error=rules.TOO_OLD)
    return len(rows)


@transaction.atomic
def claim(*, at: datetime, without: set[UUID]) -> Delivery | None:
    """The next delivery, for this caller alone until :data:`LEASE` is over. Two callers never get the same."""
    ready = due(at, without=without).select_for_update(skip_locked=True, of=("self",))
    one = ready.select_related("endpoint").first()
    if one is not None:
        one.tries += 1
        one.next_at = at + LEASE
        one.save(update_fields=["tries", "next_at"])
    return one


def deliver(delivery: Delivery, *, guard: Guard, at: datetime | None = None) -> DeliveryState:
    """Send one claimed delivery and note what became of it."""
    now = at or clock.now()
    try:
        answer: Answer | None = call(delivery, guard=guard, at=now)
        error = ""
    except NotSent as failed:
        answer, error = None, failed.kind
    except (AddressRefused, Refused) as refused:
        # it was all right when it was kept: the name means another address now, or ours is not set any more
        answer, error = None, refused.code
    except CannotDecrypt:
        # the key is gone, or the database was changed: the endpoint needs a new secret, or we the key
        answer, error = None, "secret_unreadable"
    except Exception:
        logger.exception("delivery %s could not be sent", delivery.pk)
        answer, error = None, "fault"
    return settle(delivery.pk, answer, error, at=at or clock.now())


def call(delivery: Delivery, *, guard: Guard, at: datetime) -> Answer:
    endpoint = delivery.endpoint
    body = json.dumps(with_source(delivery.body), ensure_ascii=False, separators=(",", ":")).encode()
    signed = signing.headers(secrets_of(endpoint, at=at), id=str(delivery.event), at=at, body=body)
    headers = {"Content-Type": CONTENT_TYPE, ORIGIN_HEADER: own_host(), **signed}
    return post(endpoint.url, body=body, headers=headers, guard=guard)


@transaction.atomic
def settle(id: UUID, answer: Answer | None, error: str, *, at: datetime) -> DeliveryState:
    """Write down what became of a delivery: delivered, to be tried again, or dead."""
    row = DELIVERIES.lock(id)
    if row.state not in DUE:
        return DeliveryState(row.state)
    status, error = (answer.status, "") if answer else (None, error[:20])
    wait = None
    if answer and 200 <= answer.status < 300:
        turn = Turn.TAKE
    elif answer and answer.status == GONE:
        turn = Turn.GIVE_UP
        switch_off(row.endpoint, at=at)
    else:
        asked = asked_wait(answer, at)
        wait = rules.wait_after(row.tries, chance=random.random(), asked=asked)  # noqa: S311
        if asked and wait:
            # the others for this endpoint wait as well, not this one alone
            Endpoint.objects.filter(pk=row.endpoint_id).update(held_until=at + min(asked, rules.LONGEST_WAIT))
        turn = Turn.WAIT if wait else Turn.GIVE_UP
    return move(row, turn, at=at, wait=wait, status=status, error=error)


def move(
    row: Delivery, turn: Turn, *, at: datetime, wait: timedelta | None = None, by: Actor = SENDER, **changes: Any
) -> DeliveryState:
    """On a locked row. ``wait`` is the time until the next try."""
    changes |= {"next_at": at + wait if wait else at, "settled_at": None if DELIVERIES.target(row, turn) in DUE else at}
    return DeliveryState(DELIVERIES.finish(row, turn, by=by, at=at, **changes).state)


DELIVERIES: Final = Moves(
    model=Delivery,
    lifecycle=DELIVERY,
    events={
        Turn.GIVE_UP: "partners.delivery.dead",
        Turn.REPLAY: "partners.delivery.replayed",
        Turn.SETTLE: "partners.delivery.settled",
    },
    subject=lambda row: f"delivery:{row.id}",
    event_data=lambda row: {
        "endpoint": str(row.endpoint_id),
        "event": str(row.event),
        "status": row.status,
        "error": row.error,
    },
    rows=lambda: Delivery.objects.select_related("endpoint"),
)


def asked_wait(answer: Answer | None, at: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for, in seconds or as a date; nothing that cannot be read."""
    text = answer.headers.get("retry-after", "") if answer and answer.status in {429, 503} else ""
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**6))
    try:
        wait = parsedate_to_datetime(text) - at
    except (ValueError, TypeError):
        return None
    return wait if wait > timedelta() else None


def switch_off(endpoint: Endpoint, *, at: datetime) -> None:
    """The other side says that nobody is there any more (410): what waits for it is laid aside, replayable."""
    if Endpoint.objects.filter(pk=endpoint.pk, active=True).update(active=False, off_because="gone"):
        data = {"partner": str(endpoint.partner_id)}
        record(type="partners.endpoint.gone", subject=f"endpoint:{endpoint.id}", by=SENDER, at=at, data=data)


def forget_delivered(*, before: datetime) -> int:
    """Remove deliveries that arrived, or were done with, before a moment; the journal keeps their events."""
    over = [DeliveryState.DELIVERED.value, DeliveryState.SETTLED.value]
    return Delivery.objects.filter(state__in=over, queued_at__lt=before).delete()[0]
