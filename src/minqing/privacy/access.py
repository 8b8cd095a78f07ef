"""The second wall: what the database itself lets the present actor see.

Row-level policies compare a row with settings of the running transaction. :func:`acting_as` sets them; nothing
set means nothing seen, which is what a forgotten call, a cron job or a shell gets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from psycopg.pq import TransactionStatus

from minqing.core.actor import Actor

AREAS = "minqing.areas"
UNITS = "minqing.units"
ACCOUNT = "minqing.account"
HOUSEHOLD = "minqing.household"
CODE = "minqing.code"
TICKET = "minqing.ticket"
SYSTEM = "minqing.system"
CONFIDENTIAL = "minqing.confidential"
SENDER = "minqing.sender"
SETTINGS = (AREAS, UNITS, ACCOUNT, HOUSEHOLD, CODE, TICKET, SYSTEM, CONFIDENTIAL, SENDER)
# what the innermost block of this thread has opened; a thread has one connection
_open: ContextVar[tuple[str, ...] | None] = ContextVar("acting_as", default=None)


class NoTransaction(RuntimeError):
    """Access was to be opened outside a transaction, where it would outlive its use on a pooled connection."""


@lru_cache(maxsize=1024)
def braces(ids: frozenset[int]) -> str:
    """A PostgreSQL array literal, or empty for nothing."""
    return "{" + ",".join(map(str, sorted(ids))) + "}" if ids else ""


class OneOf(Func):
    """``column = ANY(array)``: a county's 1,800 areas as one parameter, where ``IN`` takes each by itself.

    Written out one by one they cost Python and the database's parser some ten milliseconds for each statement.
    """

    template = "(%(expressions)s::int[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def one_of(column: str, ids: Iterable[int]) -> Q:
    """The first wall in the form of the second: rows whose ``column`` is one of ``ids``; of none, nothing is asked."""
    listed = braces(frozenset(ids))
    return Q(OneOf(F(column), Value(listed, output_field=TextField()))) if listed else Q(pk__in=[])


def settings_of(actor: Actor, *, code: str, ticket: str) -> tuple[str, ...]:
    return (
        braces(actor.areas),
        braces(actor.units),
        str(actor.id) if actor.kind == "user" and actor.id else "",
        str(actor.household or ""),
        code,
        ticket,
        actor.name if actor.kind == "system" else "",
        "yes" if actor.confidential else "",
        str(actor.id) if actor.kind == "partner" and actor.id else "",
    )


@contextlib.contextmanager
def acting_as(actor: Actor, *, code: str = "", ticket: str = "") -> Iterator[Actor]:
    """Let the database show ``actor``'s rows until the block ends; what was open before is then open again.

    ``code`` is the digest of a household code and ``ticket`` that of a matter's private link, each opening just
    the rows that carry it.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("acting_as needs a transaction: wrap the call in transaction.atomic()")
    values = settings_of(actor, code=code, ticket=ticket)
    if values == _open.get():
        yield actor
        return
    before = swap(values)
    try:
        with noted(values):
            yield actor
    finally:
        # a failed transaction is rolled back, and its settings with it; any statement would hide why it failed
        if not connection.needs_rollback and not failed():
            set_context(before)


@contextlib.contextmanager
def acting_to_the_end(actor: Actor, *, read_only: bool) -> Iterator[Actor]:
    """The gate's own :func:`acting_as`: one statement in all, for a block that ends where its transaction does.

    ``read_only`` has the database refuse every write. Both last as long as the transaction and no longer, so in the
    outermost one nothing is set back: the commit does that, or the rollback. Inside another transaction (as each
    test's) the block is followed by a second statement that opens what was open before. Use it only for a block
    after which nothing else runs in the transaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("acting_to_the_end needs a transaction: wrap the call in transaction.atomic()")
    values = settings_of(actor, code="", ticket="")
    if not connection.savepoint_ids:
        set_context(values, read_only=read_only)
        with noted(values):
            yield actor
        return
    before = swap(values, read_only=read_only)
    try:
        with noted(values):
            yield actor
    finally:
        if not connection.needs_rollback and not failed():
            set_context(before)


@contextlib.contextmanager
def noted(values: tuple[str, ...]) -> Iterator[None]:
    """Remember what is open, so that opening the very same again costs nothing: services do it inside a page."""
    token = _open.set(values)
    try:
        yield
    finally:
        _open.reset(token)


def failed() -> bool:
    """Whether the database refuses every statement until the transaction is rolled back, or is gone."""
    raw = connection.connection
    return raw is None or raw.closed or raw.info.transaction_status == TransactionStatus.INERROR


def swap(values: tuple[str, ...], *, read_only: bool = False) -> tuple[str, ...]:
    """Set all settings for this transaction, in one statement that also returns what they were."""
    former = ", ".join(f"COALESCE(current_setting('{name}', true), '')" for name in SETTINGS)
    with connection.cursor() as cursor:
        # the inner SELECT is evaluated before the settings change: OFFSET 0 keeps it apart
        cursor.execute(f"SELECT f.*, {fresh(read_only)} FROM (SELECT {former} OFFSET 0) AS f", values)  # noqa: S608
        row: tuple[str, ...] = cursor.fetchone()
    return row[: len(SETTINGS)]


def set_context(values: tuple[str, ...], *, read_only: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {fresh(read_only)}", values)


def fresh(read_only: bool) -> str:
    """Calls that set each of :data:`SETTINGS` for this transaction; what is read-only cannot be made writable again."""
    calls = [f"set_config('{name}', %s, true)" for name in SETTINGS]
    return ", ".join([*calls, "set_config('transaction_read_only', 'on', true)"] if read_only else calls)


@contextlib.contextmanager
def transaction_as(actor: Actor) -> Iterator[Actor]:
    """A transaction of its own for commands and background jobs."""
    with transaction.atomic(), acting_as(actor):
        yield actor
