"""What the ledger does by itself."""

from __future__ import annotations

from django.db import connection, transaction

from minqing.core.actor import Actor
from minqing.points.queries import busy_accounts


def fold_busy(*, by: Actor) -> int:
    """Add what was appended to busy accounts to their balances, each in its own transaction. Returns how many rows.

    No event: a balance is the same before and after, only sooner read.
    """
    folded = 0
    for account in busy_accounts():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT points_fold(%s)", [account])
            folded += cursor.fetchone()[0]
    return folded
