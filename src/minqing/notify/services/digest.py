"""The daily summary: what was held for somebody becomes one message that says how many notices came in."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from minqing.core.ids import new_id
from minqing.journal.services import record
from minqing.notify.enums import Channel, Move, State
from minqing.notify.kinds import DIGEST
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.notify.services.results import MESSAGES
from minqing.privacy.access import transaction_as

logger = logging.getLogger(__name__)
# one worker at a time: two would make two summaries of one person's notices
LOCK = 0x6E6F7469
MOST = 20_000


def gather_digests(*, at: datetime) -> int:
    """Fold all messages held until ``at`` or earlier into one for each account and channel; returns how many.

    Nothing is skipped: what was held while no worker ran is folded by the next that does.
    """
    with transaction_as(job()):
        if not alone():
            return 0
        held = Outgoing.objects.filter(state=State.HELD, next_at__lte=at).select_for_update()
        # those of one account and channel together, each group in the order in which they were made
        rows = sorted(held.order_by("made_at", "id")[:MOST], key=lambda row: (str(row.account), row.channel))
        groups = groupby(rows, key=lambda row: (row.account, row.channel))
        return sum(folded(list(group), at=at) for _key, group in groups)


def alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def folded(rows: list[Outgoing], *, at: datetime) -> int:
    """One person's summary that cannot be made holds up nobody else's; it is tried again in the next run."""
    try:
        with transaction.atomic():
            return fold(rows, at=at)
    except Exception:
        logger.exception("the summary of %d messages could not be made", len(rows))
        return 0


def fold(rows: list[Outgoing], *, at: datetime) -> int:
    first = rows[0]
    id: UUID = new_id()
    digest = Outgoing.objects.create(
        pk=id,
        key=f"digest:{first.pk}",
        notice=id,
        account=first.account,
        channel=first.channel,
        kind=DIGEST,
        params={"count": len(rows)},
        language=rows[-1].language,
        state=MESSAGE.born(Move.QUEUE),
        next_at=at,
        made_at=at,
    )
    held = Outgoing.objects.filter(pk__in=[row.pk for row in rows])
    MESSAGES.move_all(held, Move.FOLD, digest=digest.pk, ended_at=at)
    data = {"channel": Channel(first.channel).value, "count": len(rows), "to": str(first.account)}
    record(type="notify.digest.made", subject=f"message:{digest.pk}", by=job(), data=data, at=at)
    return 1
