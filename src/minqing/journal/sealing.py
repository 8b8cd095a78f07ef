"""Sealing: new events become a Merkle batch that is linked to the one before.

Nobody waits for it: events are read as they are, without locks. A batch ends at the oldest transaction that still
runs, so that one which commits late is in a later batch instead of in none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from django.db import connection, transaction

from minqing.core import clock
from minqing.journal.canonical import EVENT_COLUMNS, canonical_event
from minqing.journal.merkle import Tree, leaf_hash
from minqing.journal.models import Event, Seal
from minqing.journal.queries import horizon
from minqing.journal.seals import sign, signing_key

Row: TypeAlias = tuple[Any, ...]

# "seal" in ASCII: the advisory lock that lets one sealer run at a time
LOCK = 0x7365616C
CHUNK = 5000
COPY = "COPY journal_sealedevent (event, seal_id, position, leaf, seq, type) FROM STDIN (FORMAT BINARY)"
COPIED = ("uuid", "int8", "int8", "bytea", "int8", "varchar")


class CounterBehind(RuntimeError):
    """The server's transaction counter is behind the journal's: the database was moved by a logical copy."""


@transaction.atomic
def seal_new() -> Seal | None:
    """Seal what was committed since the last seal. None when there is nothing new or another sealer is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    if not alone:
        return None
    last = Seal.objects.order_by("-number").first()
    begin, end = (last.horizon if last else 0), horizon()
    if end < begin:
        raise CounterBehind(
            f"transaction {end} of this server lies before {begin} of the last seal: set its counter forward "
            f"with pg_resetwal --next-transaction-id"
        )
    tree, number = Tree(), last.number + 1 if last else 1
    # the leaves come first, as the root needs them all; the link to their seal is checked at commit
    for rows in batches(begin, end):
        copy_in([leaf_row(row, number, tree) for row in rows])
    if not tree.size:
        return None
    seal = Seal(
        number=number,
        size=tree.size,
        root=tree.root().hex(),
        previous=last.digest if last else "",
        horizon=end,
        sealed_at=clock.now(),
    )
    sign(seal, signing_key())
    seal.save(force_insert=True)
    return seal


def batches(begin: int, end: int) -> Iterator[list[Row]]:
    """Chunks of the events of transactions from ``begin`` up to ``end``, in the order of the tree."""
    events = Event.objects.filter(tx__gte=begin, tx__lt=end).order_by("tx", "seq").values_list(*EVENT_COLUMNS)
    rows = events.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def leaf_row(row: Row, number: int, tree: Tree) -> Row:
    leaf = leaf_hash(canonical_event(row))
    copied = (row[0], number, tree.size, leaf, row[1], row[4])
    tree.add(leaf)
    return copied


def copy_in(rows: list[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(COPIED)
        for row in rows:
            copy.write_row(row)
