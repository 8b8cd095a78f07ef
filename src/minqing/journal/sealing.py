"""Sealing: new events become a Merkle batch that is linked to the one before.

Nobody waits for it: events are read as they are, without locks. A batch ends at the oldest transaction that still
runs, so that one which commits late is in a later batch instead of in none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from minqing.core import clock
from minqing.journal.canonical import EVENT_COLUMNS, canonical_event
from minqing.journal.merkle import Tree, leaf_hash
from minqing.journal.models import Event, Seal, SealedEvent
from minqing.journal.queries import horizon
from minqing.journal.seal_faults import seal_state
from minqing.journal.seals import sign, signing_key

Row: TypeAlias = tuple[Any, ...]

logger = logging.getLogger(__name__)
# "seal" in ASCII: the advisory lock that lets one sealer run at a time
LOCK = 0x7365616C
CHUNK = 5000
# the app's role may call these and add no seal otherwise; they look at what they are given
LEAVES = "SELECT journal_seal_leaves(%s, %s, %s::uuid[], %s::bytea[])"
CLOSE = "SELECT journal_seal_close(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
CLOSED = ("number", "size", "root", "previous", "horizon", "sealed_at", "digest", "signature", "public_key")


@transaction.atomic
def seal_new() -> Seal | None:
    """Seal what was committed since the last seal. None when there is nothing new or another sealer is at it.

    A bad seal on top is named in the log, here and by ``verify``, and left where it is: what it passes over is sealed
    by the next one, which is linked to it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    if not alone:
        return None
    found, end = seal_state(), horizon()
    for number, reason in found.bad:
        logger.error("journal: seal %s is not ours: %s; sealing goes on behind it", number, reason)
    last = Seal.objects.order_by("-number").first()
    tree, number = Tree(), last.number + 1 if last else 1
    # the leaves come first, as the root needs them all; the link to their seal is checked at commit
    for rows in batches(found.begin, end, again=bool(found.bad)):
        add_leaves(rows, number, tree)
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
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [getattr(seal, name) for name in CLOSED])
    return seal


def batches(begin: int, end: int, *, again: bool) -> Iterator[list[Row]]:
    """Chunks of the events of transactions from ``begin`` up to ``end``, in the order of the tree.

    ``again`` leaves out what is in a seal already, a bad one's too: a leaf stands once.
    """
    events = Event.objects.filter(tx__gte=begin, tx__lt=end).order_by("tx", "seq")
    if again:
        events = events.exclude(Exists(SealedEvent.objects.filter(event=OuterRef("pk"))))
    rows = events.values_list(*EVENT_COLUMNS).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def add_leaves(rows: list[Row], number: int, tree: Tree) -> None:
    begun, leaves = tree.size, [leaf_hash(canonical_event(row)) for row in rows]
    for leaf in leaves:
        tree.add(leaf)
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [number, begun, [row[0] for row in rows], leaves])
