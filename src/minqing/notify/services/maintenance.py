"""Maintenance by the operator: messages that were given up are sent again or settled; old rows are deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.notify import rules
from minqing.notify.enums import Move
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job, parked
from minqing.notify.services.results import Outcome, apply
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


def moved(outcome: Outcome, *, ids: Collection[UUID] | None, by: Actor, at: datetime | None) -> int:
    rules.may_settle(by).require()
    at = at or clock.now()
    with acting_as(job()):
        wanted = parked() if ids is None else parked().filter(pk__in=ids)
        rows = list(wanted.select_for_update())
        for row in rows:
            apply(row, outcome, at=at, by=by)
    return len(rows)


@transaction.atomic
def sweep_old(*, by: Actor, at: datetime | None = None) -> int:
    """Delete messages that ended 90 days ago and notices read a year ago; returns how many rows."""
    at = at or clock.now()
    with acting_as(job()):
        messages, _ = Outgoing.objects.filter(
            state__in=[state.value for state in MESSAGE.ends], ended_at__lt=at - KEPT_MESSAGES
        ).delete()
        notices, _ = Notice.objects.filter(read_at__lt=at - KEPT_NOTICES).delete()
    if messages or notices:
        data = {"messages": messages, "notices": notices}
        record(type="notify.old.deleted", subject="notify:old", by=by, data=data, at=at)
    return messages + notices
