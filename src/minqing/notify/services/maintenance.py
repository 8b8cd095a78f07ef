"""Maintenance by the operator: messages that were given up are sent again or settled; old rows are deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.timekeeping import lived_now
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.notify import carriers, rules
from minqing.notify.enums import Channel, Move, State
from minqing.notify.kinds import TEST
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import UNKNOWN, job, parked
from minqing.notify.services.preferences import checked_address
from minqing.notify.services.results import Outcome, apply
from minqing.notify.services.sending import send_notice
from minqing.privacy.access import acting_as

KEPT_MESSAGES = timedelta(days=90)
KEPT_NOTICES = timedelta(days=365)


@transaction.atomic
def retry_parked(*, ids: Collection[UUID] | None = None, by: Actor, at: datetime | None = None) -> int:
    """Queue parked messages again, all of them or those named; returns how many. One event for each.

    The one way by which a message of unknown outcome is sent again: somebody has looked.
    """
    return moved(Outcome(Move.RETRY), ids=ids, by=by, at=at)


@transaction.atomic
def drop_parked(*, ids: Collection[UUID] | None = None, by: Actor, at: datetime | None = None) -> int:
    """Give parked messages up for good; the notice in the app stays. Returns how many."""
    return moved(Outcome(Move.DROP, "given_up"), ids=ids, by=by, at=at)


@transaction.atomic
def try_again(*, channel: Channel, by: Actor, unsure: bool = False, at: datetime | None = None) -> int:
    """Try at once what the channel holds up, as whatever held it up is mended; returns how many.

    With ``unsure`` those of which nobody knows whether they arrived, and which may now arrive twice; else all others.
    One event for each that was parked; the others would have been tried later anyway.
    """
    rules.may_settle(by).require()
    at = at or clock.now()
    with acting_as(job()):
        here = parked().filter(channel=channel.value)
        chosen = here.filter(error=UNKNOWN) if unsure else here.exclude(error=UNKNOWN)
        ids = list(chosen.values_list("pk", flat=True))
        sooner = 0 if unsure else bring_forward(channel, at)
    return sooner + moved(Outcome(Move.RETRY), ids=ids, by=by, at=at)


def bring_forward(channel: Channel, at: datetime) -> int:
    """Those that wait for another try have it now; what a worker holds at this moment is left to it."""
    waiting = Outgoing.objects.filter(channel=channel.value, state=State.FAILED, next_at__gt=at)
    ids = list(waiting.select_for_update(skip_locked=True).order_by("id").values_list("pk", flat=True))
    return Outgoing.objects.filter(pk__in=ids).update(next_at=at)


@sent_once()
def send_test(*, id: UUID, channel: Channel, address: str, language: str, by: Actor) -> UUID:
    """Queue a message that says it is a test, to an address that the operator names; returns its id.

    Raises Invalid for an address that no message could reach, Conflict for a channel that is not set up.
    """
    rules.may_settle(by).require()
    if channel not in carriers.channels():
        raise Conflict("not_set_up", _("This channel is not set up."))
    to = rules.Outside(channel, checked_address(channel, address), language)
    return send_notice(id=id, to=to, kind=TEST, subject="notify:test", params={}, link="/", by=by).id


def moved(outcome: Outcome, *, ids: Collection[UUID] | None, by: Actor, at: datetime | None) -> int:
    rules.may_settle(by).require()
    at = at or clock.now()
    with acting_as(job()):
        wanted = parked() if ids is None else parked().filter(pk__in=ids)
        # in one order: two who press at once would wait for each other
        rows = list(wanted.order_by("pk").select_for_update())
        for row in rows:
            apply(row, outcome, at=at, by=by)
    return len(rows)


@transaction.atomic
def sweep_old(*, by: Actor, at: datetime | None = None) -> int:
    """Delete messages that ended 90 days ago and notices read a year ago; returns how many rows."""
    now = at or lived_now()
    with acting_as(job()):
        messages, _rows = Outgoing.objects.filter(
            state__in=[state.value for state in MESSAGE.ends], ended_at__lt=now - KEPT_MESSAGES
        ).delete()
        notices, _rows = Notice.objects.filter(read_at__lt=now - KEPT_NOTICES).delete()
    if messages or notices:
        data = {"messages": messages, "notices": notices}
        record(type="notify.old.deleted", subject="notify:old", by=by, data=data, at=at)
    return messages + notices
