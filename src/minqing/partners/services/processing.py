"""Processing stored inbound events: one at a time for each subject, in the order in which their sender sent them."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError
from minqing.core.retry import once_more, one_at_a_time
from minqing.partners import rules
from minqing.partners.enums import EVENTS_SEND, OPEN, InboundState, Turn
from minqing.partners.formats.decoding import Unreadable
from minqing.partners.formats.events import Envelope, Told
from minqing.partners.models import Inbound
from minqing.partners.queries.inbound import due_inbound, held_up, inbox_actor, of_subject, overtaken
from minqing.partners.queries.tokens import actor_of
from minqing.partners.services.handlers import Done, carry_out, carry_out_late
from minqing.partners.services.receiving import read, settle
from minqing.privacy.access import acting_as, transaction_as

logger = logging.getLogger(__name__)


def take_over(event_id: UUID, *, at: datetime | None = None) -> Inbound:
    """Take over one stored event, and after it what waited for it. Call it outside any transaction.

    Refusals are written down, not raised: those that time may mend wait, the others are laid aside.
    """
    now = at or clock.now()
    row = attempt(event_id, at=now)
    if row.state == InboundState.APPLIED and row.subject:
        for waiting in waiting_for(row):
            attempt(waiting, at=now)
    return row


def take_over_due(*, at: datetime | None = None) -> int:
    """Try again what waits. Returns how many were taken over."""
    now = at or clock.now()
    with transaction_as(inbox_actor()):
        due = due_inbound(now)
    return sum(taken_over(one, at=now) for one in due)


def taken_over(event_id: UUID, *, at: datetime) -> bool:
    try:
        return take_over(event_id, at=at).state == InboundState.APPLIED
    except Exception:
        # its try could not even be written down; the others go on
        logger.exception("event %s of a partner could not be settled", event_id)
        return False


def attempt(event_id: UUID, *, at: datetime) -> Inbound:
    """One try in a transaction of its own. A fault of ours loses nothing: the event waits for the next try."""
    try:
        return once_more(partial(apply_locked, event_id, at=at))
    except Exception:
        logger.exception("event %s of a partner could not be taken over", event_id)
    with transaction_as(inbox_actor()):
        row = locked(event_id)
        if row.state in OPEN:
            settle(row, Turn.WAIT, code="fault", at=at)
        return row


def apply_locked(event_id: UUID, *, at: datetime) -> Inbound:
    with transaction_as(inbox_actor()):
        return apply(locked(event_id), at=at)


def locked(event_id: UUID) -> Inbound:
    """The row, locked, and its subject with it: of one subject, one event at a time."""
    row = Inbound.objects.defer("raw").get(pk=event_id)
    one_at_a_time(f"partners:{row.partner_id}:{row.subject or row.pk}")
    return Inbound.objects.select_for_update(of=("self",)).select_related("partner__area").get(pk=event_id)


def apply(row: Inbound, *, at: datetime) -> Inbound:
    if row.state not in OPEN:
        return row
    others = of_subject(row)
    if held_up(row, others):
        settle(row, Turn.WAIT, code="out_of_order", at=at)
        return row
    try:
        told = read(Envelope.load(row.raw), partner=row.partner, flat=row.flat)
        actor = actor_of(row.partner, scopes=[EVENTS_SEND])
        matter, unusable = done(row, told, actor, others, at)
    except Unreadable as failed:
        settle(row, Turn.GIVE_UP, code=failed.code, at=at)
    except DomainError as refused:
        code = refused.code
        settle(row, Turn.WAIT if code in rules.WAITING_CODES else Turn.GIVE_UP, code=code, at=at)
    else:
        row.unusable = [[one.field, one.code] for one in unusable]
        settle(row, Turn.TAKE, at=at, matter_id=matter.pk)
    return row


def done(row: Inbound, told: Told, actor: Actor, others: list[Inbound], at: datetime) -> Done:
    """Carry it out and return its matter; raises DomainError, ``too_late`` where it was overtaken."""
    try:
        # checked at once, not at the end: a refusal must leave nothing behind
        with transaction.atomic(), acting_as(actor):
            return carry_out(row.pk, told, partner=row.partner, by=actor, at=at)
    except DomainError as refused:
        if refused.code != "wrong_state" or not overtaken(row, others):
            raise
    try:
        with transaction.atomic(), acting_as(actor):
            found = carry_out_late(row.pk, told, partner=row.partner, by=actor, at=at)
    except DomainError:
        found = None
    if found is None:
        raise Conflict("too_late")
    return found


def waiting_for(row: Inbound) -> list[UUID]:
    """What waited for this event, in the order of its sender."""
    with transaction_as(inbox_actor()):
        waiting = [one for one in of_subject(row) if one.state == InboundState.WAITING]
    return [one.pk for one in sorted(waiting, key=lambda one: (one.at or one.received_at, one.pk))]
