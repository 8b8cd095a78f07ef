"""Is the ledger as it was written? Derives every balance anew and compares every row with what the journal sealed.

What proves what: a transfer's digest must be the one in its request's event, the event must be a leaf of a seal
(``minqing journal verify``), and the balances must be the sums of the transfers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from minqing.core.clock import local_date
from minqing.points.queries import closed_months, month_totals

# rows whose digest is not the one that their event holds; rows of no request; rows that are gone
CHANGED = """
    SELECT coalesce(t.id, noted.id), coalesce(t.posted_at, noted.at), t.id IS NULL, noted.id IS NULL
    FROM (
        SELECT r.id AS request, r.at, given.id, e.data -> 'rows' ->> (given.place - 1)::int AS digest
        FROM points_request r CROSS JOIN LATERAL unnest(r.rows) WITH ORDINALITY AS given(id, place)
        LEFT JOIN journal_event e ON e.id = r.id
        WHERE r.outcome IN ('posted', 'reversed')
    ) AS noted
    FULL JOIN points_transfer t ON t.id = noted.id AND t.request = noted.request
    WHERE t.id IS NULL OR noted.id IS NULL OR noted.digest IS DISTINCT FROM points_line(t)
    ORDER BY 1
"""
HOLDS = """
    SELECT coalesce(h.id, noted.id), coalesce(h.held_at, noted.at) FROM (
        SELECT r.id AS request, r.at, r.rows[1] AS id, e.data -> 'rows' ->> 0 AS digest
        FROM points_request r LEFT JOIN journal_event e ON e.id = r.id WHERE r.outcome IN ('held', 'renewed')
    ) AS noted
    FULL JOIN points_hold h ON h.id = noted.id AND h.request = noted.request
    WHERE h.id IS NULL OR noted.id IS NULL OR noted.digest IS DISTINCT FROM points_hold_line(h)
    ORDER BY 1
"""
# ends and the events that tell them; what was posted is what was held
ENDS = """
    SELECT coalesce(x.hold_id, (e.data ->> 'hold')::bigint), coalesce(x.at, e.at) FROM points_holdend x
    FULL JOIN (
        SELECT * FROM journal_event
        WHERE type IN ('points.hold.posted', 'points.hold.voided', 'points.hold.expired', 'points.hold.renewed')
    ) e ON e.id = x.request
    LEFT JOIN points_hold h ON h.id = x.hold_id
    LEFT JOIN points_transfer t ON t.id = x.transfer
    WHERE x.hold_id IS NULL OR e.id IS NULL OR e.type <> 'points.hold.' || x.how
    OR (e.data ->> 'hold')::bigint <> x.hold_id
    OR x.how = 'posted' AND (h.debit_id, h.credit_id, h.amount) IS DISTINCT FROM (t.debit_id, t.credit_id, t.amount)
    ORDER BY 1
"""
# what takes a transfer back gives all of it to whom it was taken from
REVERSALS = """
    SELECT r.transfer_id, coalesce(t.posted_at, now()) FROM points_reversal r
    LEFT JOIN points_transfer t ON t.id = r.transfer_id
    LEFT JOIN LATERAL (
        SELECT sum(back.amount) AS amount, bool_and(back.credit_id = t.debit_id) AS home FROM points_transfer back
        WHERE back.request = r.request AND back.reverses = r.transfer_id
    ) back ON true
    WHERE t.id IS NULL OR back.amount IS DISTINCT FROM t.amount OR back.home IS NOT TRUE
    ORDER BY 1
"""
# requests and their events belong together
REQUESTS = """
    SELECT coalesce(r.id, e.id), coalesce(r.at, e.at) FROM points_request r
    FULL JOIN (
        SELECT * FROM journal_event WHERE type IN ('points.transfers.posted', 'points.transfers.refused',
            'points.transfer.reversed', 'points.hold.made', 'points.hold.refused', 'points.hold.posted',
            'points.hold.voided', 'points.hold.renewed')
    ) e ON e.id = r.id
    WHERE r.id IS NULL OR e.id IS NULL OR r.outcome <> e.data ->> 'outcome'
    OR r.outcome IN ('posted', 'held', 'renewed', 'reversed')
    AND cardinality(r.rows) <> jsonb_array_length(coalesce(e.data -> 'rows', '[]'))
    ORDER BY 2
"""
BALANCES = """
    SELECT a.id, coalesce(b.posted, 0) + coalesce(waiting.amount, 0), coalesce(moved.amount, 0) FROM points_account a
    LEFT JOIN points_balance b ON b.account_id = a.id
    LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM points_delta GROUP BY 1) waiting
        ON waiting.account_id = a.id
    LEFT JOIN (
        SELECT leg.account, sum(leg.amount) AS amount FROM (
            SELECT debit_id AS account, -amount AS amount FROM points_transfer
            UNION ALL SELECT credit_id, amount FROM points_transfer
        ) AS leg GROUP BY 1
    ) moved ON moved.account = a.id
    WHERE b.account_id IS NULL OR coalesce(b.posted, 0) + coalesce(waiting.amount, 0) <> coalesce(moved.amount, 0)
    ORDER BY a.id
"""
HELD = """
    SELECT b.account_id, b.held, coalesce(sum(h.amount), 0), coalesce((
        SELECT sum(o.amount) FROM points_openhold o WHERE o.account_id = b.account_id), 0)
    FROM points_balance b LEFT JOIN points_hold h ON h.debit_id = b.account_id
    AND NOT EXISTS (SELECT FROM points_holdend x WHERE x.hold_id = h.id)
    GROUP BY b.account_id, b.held HAVING b.held <> coalesce(sum(h.amount), 0) OR b.held <> coalesce((
        SELECT sum(o.amount) FROM points_openhold o WHERE o.account_id = b.account_id), 0)
    ORDER BY 1
"""
# lots are what their entries give, and together what the account holds
LOTS = """
    SELECT a.id, b.posted, coalesce(left_over.amount, 0) FROM points_account a
    JOIN points_balance b ON b.account_id = a.id
    LEFT JOIN (SELECT account_id, sum(remaining) AS amount FROM points_lot GROUP BY 1) left_over
        ON left_over.account_id = a.id
    WHERE a.kind IN ('resident', 'household') AND b.posted <> coalesce(left_over.amount, 0)
    UNION
    SELECT l.account_id, coalesce(e.amount, 0), l.remaining FROM points_lot l
    LEFT JOIN (SELECT account_id, expires_on, sum(amount) AS amount FROM points_lotentry GROUP BY 1, 2) e
        USING (account_id, expires_on)
    WHERE l.remaining <> coalesce(e.amount, 0)
    ORDER BY 1
"""
SUM = """
    SELECT coalesce((SELECT sum(posted) FROM points_balance), 0) + coalesce((SELECT sum(amount) FROM points_delta), 0)
"""
# transfers may be dated back: a made-up county is being loaded, or was when that was cut off
PAST = "SELECT opened_at FROM points_past"
BELOW = "SELECT account_id, posted - held FROM points_balance WHERE floored AND posted < held ORDER BY 1"
# what the tables must be guarded by; a trigger that was switched off is not enabled
GUARDS = """
    SELECT guard.name FROM unnest(%s::text[]) AS guard(name)
    WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = guard.name AND c.convalidated)
    UNION ALL
    SELECT c.relname || '.' || guard.name FROM unnest(%s::text[], %s::text[]) AS guard(relation, name)
    JOIN pg_class c ON c.oid = to_regclass(guard.relation)
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = guard.name AND t.tgenabled IN ('O', 'A')
    )
"""
CHECKS = [
    "points_never_below_zero",
    "points_held",
    "points_amount",
    "points_two_accounts",
    "points_kind",
    "points_takes_back",
    "points_held_amount",
    "points_hold_end",
    "points_lot_left",
]
TRIGGERS = [
    ("points_account", "opened"),
    ("points_account", "kept"),
    ("points_account", "refused"),
    ("points_balance", "refused"),
    ("points_request", "refused"),
    ("points_transfer", "made"),
    ("points_transfer", "refused"),
    ("points_reversal", "refused"),
    ("points_hold", "made"),
    ("points_hold", "refused"),
    ("points_holdend", "made"),
    ("points_holdend", "grace"),
    ("points_lotentry", "refused"),
    ("points_monthclose", "refused"),
    ("points_holdend", "refused"),
]
COUNTS = "SELECT (SELECT count(*) FROM points_account), (SELECT count(*) FROM points_transfer)"


@dataclass
class Looked:
    """How much was looked at."""

    accounts: int = 0
    transfers: int = 0


@transaction.atomic
def verify(looked: Looked | None = None) -> list[str]:
    """Every finding in a sentence, on one view of the ledger."""
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if looked is not None:
            cursor.execute(COUNTS)
            looked.accounts, looked.transfers = cursor.fetchone()
    return [*changed(), *holds(), *unanswered(), *balances(), *quick_findings(), *closes(), *unguarded()]


def changed() -> Iterator[str]:
    for transfer, at, gone, strange in rows(CHANGED):
        day = local_date(at)
        if gone:
            yield _("Transfer {transfer} of {day} was removed.").format(transfer=transfer, day=day)
        elif strange:
            yield _("Transfer {transfer} of {day} was asked for by nobody.").format(transfer=transfer, day=day)
        else:
            yield _("Transfer {transfer} of {day} is not what the journal holds.").format(transfer=transfer, day=day)


def holds() -> Iterator[str]:
    for hold, at in (*rows(HOLDS), *rows(ENDS)):
        yield _("Hold {hold} of {day} or its end is not what the journal holds.").format(hold=hold, day=local_date(at))
    for transfer, at in rows(REVERSALS):
        yield _("Transfer {transfer} of {day} was not taken back as it should have been.").format(
            transfer=transfer, day=local_date(at)
        )


def unanswered() -> Iterator[str]:
    for request, at in rows(REQUESTS):
        yield _("Request {request} of {day} and its event in the journal do not agree.").format(
            request=request, day=local_date(at)
        )


def balances() -> Iterator[str]:
    for account, kept, moved in rows(BALANCES):
        yield _("Account {account} is kept as {kept}, and its transfers give {moved}.").format(
            account=account, kept=kept, moved=moved
        )
    for account, kept, held, _open in rows(HELD):
        yield _("Held points of account {account} are kept as {kept}, and its holds give {held}.").format(
            account=account, kept=kept, held=held
        )
    for account, kept, lots in rows(LOTS):
        yield _("Lots of account {account} give {lots}, and it holds {kept}.").format(
            account=account, lots=lots, kept=kept
        )


def quick_findings() -> Iterator[str]:
    """What is quickly looked at: it reads balances alone."""
    for account, rest in rows(BELOW):
        yield _("Account {account} is at {rest}.").format(account=account, rest=rest)
    ((total,),) = rows(SUM)
    if total:
        yield _("All accounts together hold {total} instead of nothing.").format(total=total)
    for (since,) in rows(PAST):
        yield _("The past of the ledger is open since {day}.").format(day=local_date(since))


def closes() -> Iterator[str]:
    for month, totals in closed_months():
        after = (month + timedelta(days=32)).replace(day=1)
        if month_totals(after) != totals:
            yield _("The books of {month} are not as they were closed.").format(month=f"{month:%Y-%m}")


def unguarded() -> Iterator[str]:
    relations, names = zip(*TRIGGERS, strict=True)
    for (guard,) in rows(GUARDS, CHECKS, list(relations), list(names)):
        yield _("The database no longer keeps {guard}.").format(guard=guard)


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found
