"""The past of a made-up county: accounts, many at a time, and transfers of then.

The ledger takes the moment of a transfer from its own clock. Only while the owner of the database says so
(:func:`past_open`) it takes one that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, connections, transaction

from minqing.core.actor import Actor
from minqing.journal.services import record_all
from minqing.points.enums import AccountKind
from minqing.points.models import Account, Holder

# the database looks for both: who was killed holds nothing any more
OPEN = "INSERT INTO points_past (id) VALUES (1) ON CONFLICT DO NOTHING"
HOLD = "SELECT pg_advisory_lock(1212, 1)"
CLOSE = "DELETE FROM points_past"
TOLD = "SELECT set_config('minqing.points_moment', %s, true)"


@contextmanager
def past_open() -> Iterator[None]:
    """Inside, also of other connections, transfers may be of a moment of the past; with the process it ends."""
    # of its own: nobody else closes it
    owner = connections["owner"].copy()
    try:
        with owner.cursor() as cursor:
            cursor.execute(HOLD)
            cursor.execute(OPEN)
            try:
                yield
            finally:
                cursor.execute(CLOSE)
    finally:
        owner.close()


@contextmanager
def posted_at(at: datetime) -> Iterator[None]:
    """What this transaction posts inside is of that moment. What fails inside takes the moment back itself."""
    announce_moment(at.isoformat())
    yield
    announce_moment("")


def announce_moment(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [moment])


@transaction.atomic
def open_accounts(people: Sequence[tuple[UUID, int]], *, by: Actor, at: datetime) -> list[int]:
    """Accounts of residents, each with the area, in their order; none has one yet.

    Events: ``points.account.opened``.
    """
    accounts = Account.objects.bulk_create([Account(kind=AccountKind.RESIDENT, opened_at=at) for _one in people])
    Holder.objects.bulk_create(
        [
            Holder(account=account, resident_id=resident, area_id=area)
            for account, (resident, area) in zip(accounts, people, strict=True)
        ]
    )
    about = [(f"points_account:{one.pk}", {"kind": str(AccountKind.RESIDENT)}) for one in accounts]
    record_all(type="points.account.opened", about=about, by=by, at=at)
    return [one.pk for one in accounts]
