"""What the ledger does by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.retry import one_at_a_time
from minqing.journal.services import record
from minqing.points.models import MonthClose
from minqing.points.queries import busy_accounts, month_totals


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


@transaction.atomic
def close_month(*, month: date, by: Actor, at: datetime | None = None) -> MonthClose:
    """Write down the trial balance of a month that is over, once everybody has ended who may still write into it.

    A month that is closed stays as it is. Event: ``points.month.closed``.
    """
    at, month = at or clock.now(), month.replace(day=1)
    if at < clock.midnight(month_after(month)):
        raise Invalid("points_month", _("This month is not over yet."))
    one_at_a_time("points.close")
    if (closed := MonthClose.objects.filter(month=month).first()) is not None:
        return closed
    with connection.cursor() as cursor:
        cursor.execute("SELECT points_settled()")
    totals = month_totals(month_after(month))
    closed = MonthClose.objects.create(month=month, closed_at=at, totals=totals)
    subject = f"points_month:{month:%Y-%m}"
    record(type="points.month.closed", subject=subject, by=by, at=at, data={"totals": totals})
    return closed


def month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
