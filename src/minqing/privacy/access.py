"""The second wall: what the database itself lets the present actor see.

Row-level policies compare a row with settings of the running transaction. :func:`acting_as` sets them; nothing
set means nothing seen, which is what a forgotten call, a cron job or a shell gets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from minqing.core.actor import Actor

AREAS = "minqing.areas"
UNITS = "minqing.units"
ACCOUNT = "minqing.account"
HOUSEHOLD = "minqing.household"
CODE = "minqing.code"
TICKET = "minqing.ticket"
SETTINGS = (AREAS, UNITS, ACCOUNT, HOUSEHOLD, CODE, TICKET)


class NoTransaction(RuntimeError):
    """Access was to be opened outside a transaction, where it would outlive its use on a pooled connection."""


def braces(ids: frozenset[int]) -> str:
    """A PostgreSQL array literal, or empty for nothing."""
    return "{" + ",".join(map(str, sorted(ids))) + "}" if ids else ""


def settings_of(actor: Actor, *, code: str, ticket: str) -> tuple[str, ...]:
    return (
        braces(actor.areas),
        braces(actor.units),
        str(actor.id) if actor.kind == "user" and actor.id else "",
        str(actor.household or ""),
        code,
        ticket,
    )


@contextlib.contextmanager
def acting_as(actor: Actor, *, code: str = "", ticket: str = "") -> Iterator[Actor]:
    """Let the database show ``actor``'s rows until the block ends; what was open before is then open again.

    ``code`` is the digest of a household code and ``ticket`` that of a matter's private link, each opening just
    the rows that carry it.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("acting_as needs a transaction: wrap the call in transaction.atomic()")
    before = swap(settings_of(actor, code=code, ticket=ticket))
    try:
        yield actor
    finally:
        # a failed transaction is rolled back, and its settings with it; any statement would hide why it failed
        if not connection.needs_rollback and not failed():
            put(before)


def failed() -> bool:
    """Whether the database refuses every statement until the transaction is rolled back, or is gone."""
    raw = connection.connection
    return raw is None or raw.closed or raw.info.transaction_status == TransactionStatus.INERROR


def swap(values: tuple[str, ...]) -> tuple[str, ...]:
    """Set all settings for this transaction, in one statement that also returns what they were."""
    former = ", ".join(f"COALESCE(current_setting('{name}', true), '')" for name in SETTINGS)
    fresh = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
    with connection.cursor() as cursor:
        # the inner SELECT is evaluated before the settings change: OFFSET 0 keeps it apart
        cursor.execute(f"SELECT f.*, {fresh} FROM (SELECT {former} OFFSET 0) AS f", values)  # noqa: S608
        row: tuple[str, ...] = cursor.fetchone()
    return row[: len(SETTINGS)]


def put(values: tuple[str, ...]) -> None:
    fresh = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {fresh}", values)


@contextlib.contextmanager
def transaction_as(actor: Actor) -> Iterator[Actor]:
    """A transaction of its own for commands and background jobs."""
    with transaction.atomic(), acting_as(actor):
        yield actor
