"""What accounts hold and held. Whose they are is asked of the holders that somebody may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Account, Holder, Lot, MonthClose, Transfer
from minqing.privacy.access import one_of

BALANCE = """
    SELECT b.posted + coalesce((SELECT sum(d.amount) FROM points_delta d WHERE d.account_id = b.account_id), 0),
        b.held - coalesce((
            SELECT sum(o.amount) FROM points_openhold o
            WHERE o.account_id = b.account_id AND o.expires_at <= clock_timestamp()
        ), 0),
        greatest(0, coalesce((
            SELECT sum(l.remaining) FROM points_lot l
            WHERE l.account_id = b.account_id AND l.expires_on < points_day(clock_timestamp())
        ), 0) - b.held)
    FROM points_balance b WHERE b.account_id = %s
"""
AT = """
    SELECT coalesce(sum(CASE WHEN t.credit_id = %(account)s THEN t.amount ELSE -t.amount END), 0)::bigint
    FROM points_transfer t WHERE %(account)s IN (t.debit_id, t.credit_id) AND t.posted_at <= %(at)s
"""
BUSY = "SELECT DISTINCT account_id FROM points_delta ORDER BY account_id"
MOVED = """
    SELECT coalesce((SELECT sum(amount) FROM points_transfer WHERE credit_id = ANY(%(accounts)s::bigint[])
        AND code IN ('award', 'opening')), 0)::bigint,
        coalesce((SELECT sum(amount) FROM points_transfer WHERE debit_id = ANY(%(accounts)s::bigint[])
        AND code = 'redeem'), 0)::bigint
"""
EXPIRED = """
    SELECT account_id FROM points_openhold WHERE expires_at <= clock_timestamp()
    UNION SELECT account_id FROM points_lot WHERE remaining > 0 AND expires_on < points_day(clock_timestamp())
    ORDER BY account_id
"""
TRIAL = """
    SELECT a.kind, coalesce(sum(leg.amount) FILTER (WHERE leg.amount > 0), 0)::bigint,
        coalesce(-sum(leg.amount) FILTER (WHERE leg.amount < 0), 0)::bigint
    FROM (
        SELECT debit_id AS account, -amount AS amount, posted_at FROM points_transfer
        UNION ALL SELECT credit_id, amount, posted_at FROM points_transfer
    ) AS leg
    JOIN points_account a ON a.id = leg.account
    WHERE leg.posted_at < %s GROUP BY a.kind ORDER BY a.kind
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is in an account, what of it is held for something that is not done yet, and what has run out beyond that.

    What is held is of the oldest and still good: it was asked for in time.
    """

    posted: int
    held: int
    lapsed: int = 0

    @property
    def available(self) -> int:
        return self.posted - self.held - self.lapsed


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement: what came or went, and what was there then."""

    transfer: int
    posted_at: datetime
    code: Code
    about: str
    other: int
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Total:
    """One kind of account in a trial balance: all that was given to them, and all that was taken."""

    kind: AccountKind
    given: int
    taken: int

    @property
    def balance(self) -> int:
        return self.given - self.taken


def balance_of(account: int) -> Holding:
    with connection.cursor() as cursor:
        cursor.execute(BALANCE, [account])
        row = cursor.fetchone()
    if row is None:
        raise Account.DoesNotExist
    return Holding(*map(int, row))


def balance_at(account: int, at: datetime) -> int:
    """What was in the account at a moment of the past. The balance of a moment in which somebody still writes is not
    known yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(AT, {"account": account, "at": at})
        return int(cursor.fetchone()[0])


def statement_of(account: int, *, since: datetime, until: datetime) -> Iterator[Entry]:
    """Every entry of an account from ``since`` up to ``until``, that moment excluded, the oldest first."""
    balance = balance_at(account, since) - sum(signed(one, account) for one in entries(account).filter(posted_at=since))
    for one in entries(account).filter(posted_at__gte=since, posted_at__lt=until).order_by("posted_at", "id"):
        amount = signed(one, account)
        balance += amount
        other = one.debit_id if amount > 0 else one.credit_id
        yield Entry(one.pk, one.posted_at, Code(one.code), one.about, other, amount, balance)


def entries(account: int) -> QuerySet[Transfer]:
    return Transfer.objects.filter(Q(debit=account) | Q(credit=account))


def signed(transfer: Transfer, account: int) -> int:
    return transfer.amount if transfer.credit_id == account else -transfer.amount


def trial_balance(*, before: datetime) -> list[Total]:
    """All accounts by kind, as they stood at ``before``: what is given and taken is the same in all."""
    with connection.cursor() as cursor:
        cursor.execute(TRIAL, [before])
        return [Total(AccountKind(kind), given, taken) for kind, given, taken in cursor.fetchall()]


def month_totals(day: date) -> dict[str, Any]:
    """The trial balance as ``day`` begins, as it is written down."""
    found = trial_balance(before=clock.midnight(day))
    return {str(one.kind): {"given": one.given, "taken": one.taken} for one in found}


def issued_and_redeemed(accounts: Iterable[int]) -> tuple[int, int]:
    """What ever came to these accounts for something, or from paper, and went for goods and services."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"accounts": list(accounts)})
        issued, redeemed = cursor.fetchone()
    return issued, redeemed


def awarded_from(account: int, *, after: int) -> int:
    """What an account gave since the transfer ``after``, without what of that was taken back."""
    given = Transfer.objects.filter(debit=account, id__gt=after, code=Code.AWARD.value)
    back = Transfer.objects.filter(credit=account, id__gt=after, reverses__gt=after)
    return sum((one.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"] * sign for one, sign in ((given, 1), (back, -1))))


def closed_months() -> list[tuple[date, dict[str, object]]]:
    return list(MonthClose.objects.order_by("month").values_list("month", "totals"))


def coming_days(account: int) -> list[tuple[date, int]]:
    """All days on which points of an account run out, the next one first, and how many."""
    lots = Lot.objects.filter(account=account, remaining__gt=0, expires_on__gte=clock.today()).order_by("expires_on")
    return list(lots.values_list("expires_on", "remaining"))


def busy_accounts() -> list[int]:
    """Accounts to which something was appended that is not folded yet."""
    return accounts(BUSY)


def expired_accounts() -> list[int]:
    """Accounts in which something is over, of holds and of points, and that nobody has asked for since."""
    return accounts(EXPIRED)


def accounts(sql: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [account for (account,) in cursor.fetchall()]


def visible_holders(actor: Actor) -> QuerySet[Holder]:
    """Whose accounts the actor may know of: those of its areas, as the wall has it."""
    return Holder.objects.filter(one_of("area_id", actor.areas))
