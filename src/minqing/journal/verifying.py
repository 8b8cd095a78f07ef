"""Is the journal as it was sealed? Streams over all of it and names every event that is not.

What proves what: an event's hash must be the leaf that its seal holds, the leaves must give the seal's root, the
root must be in the seal's digest, the digest must carry our signature and be named by the next seal. Whoever changes
one has to change all that follow, and cannot sign.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, TypeAlias
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from minqing.journal.canonical import EVENT_COLUMNS, canonical_event
from minqing.journal.merkle import Tree, leaf_hash
from minqing.journal.models import Seal
from minqing.journal.queries import CHUNK, horizon
from minqing.journal.seals import digest_of, public_hex, signature_holds, signing_key

Row: TypeAlias = tuple[Any, ...]
FaultKind = Literal["changed", "removed", "inserted", "seal"]

COLUMNS = ", ".join(f"e.{name}" for name in EVENT_COLUMNS)
LEAVES = f"""
    SELECT s.seal_id, s.position, s.event, s.leaf, s.seq, s.type, {COLUMNS}
    FROM journal_sealedevent s LEFT JOIN journal_event e ON e.id = s.event
    WHERE s.seal_id BETWEEN %s AND %s ORDER BY s.seal_id, s.position
"""  # noqa: S608  # names of columns
STRANGERS = """
    SELECT e.id, e.seq, e.type FROM journal_event e
    WHERE e.tx >= %s AND e.tx < %s AND NOT EXISTS (SELECT FROM journal_sealedevent s WHERE s.event = e.id)
    ORDER BY e.tx, e.seq
"""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed, in a sentence; the event where it can be named."""

    kind: FaultKind
    sentence: str
    seal: int | None = None
    event: UUID | None = None
    seq: int | None = None


@dataclass
class Verdict:
    """How much was looked at. ``head`` and ``digest`` are worth noting down away from this database."""

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    signed: int = 0
    head: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Leaf:
    """A sealed event: what was sealed of it, and its row as it is now (None when it is gone)."""

    seal: int
    position: int
    event: UUID
    sealed: bytes
    seq: int
    type: str
    row: Row | None


def verify(
    verdict: Verdict | None = None,
    *,
    known: Mapping[int, str] | None = None,
    trusted: Collection[str] = (),
    first: int = 1,
    last: int | None = None,
) -> Iterator[Finding]:
    """Every finding, as it is found, in bounded memory; to be read to its end. ``verdict`` is filled in on the way.

    ``known`` holds digests of seals by number that were noted down elsewhere; ``trusted`` public keys (hex) that
    signed earlier. Seals that are made meanwhile are left to the next time. With ``first`` and ``last`` only these
    seals are looked at, and whether the first of them is linked to the one before.
    """
    verdict = Verdict() if verdict is None else verdict
    with transaction.atomic():
        verdict.head = head() if last is None else last
        chain = chain_from(first, known=dict(known or {}), trusted=frozenset(trusted) | own_key(), whole=last is None)
        begin = chain.horizon
        groups = groupby(read_leaves(first, verdict.head), key=lambda leaf: leaf.seal)
        number, leaves = next(groups, NO_LEAVES)
        seals = Seal.objects.filter(number__gte=first, number__lte=verdict.head).order_by("number")
        for seal in seals.iterator(chunk_size=CHUNK):
            verdict.seals += 1
            yield from chain.check(seal)
            while number is not None and number < seal.number:
                # a seal that is gone; the chain has said so
                number, leaves = next(groups, NO_LEAVES)
            yield from check_tree(seal, leaves if number == seal.number else iter(()), verdict)
            if number == seal.number:
                number, leaves = next(groups, NO_LEAVES)
        yield from chain.end(verdict)
        yield from strangers(begin, chain.horizon, verdict)


NO_LEAVES: tuple[int | None, Iterator[Leaf]] = (None, iter(()))


def head() -> int:
    """The number of the last seal, also if nothing is left of it but its leaves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest((SELECT max(number) FROM journal_seal), (SELECT max(seal_id) FROM journal_sealedevent))"
        )
        (number,) = cursor.fetchone()
    return number or 0


def own_key() -> frozenset[str]:
    key = signing_key()
    return frozenset({public_hex(key)}) if key else frozenset()


def stream(sql: str, parameters: list[Any]) -> Iterator[Row]:
    """Rows through a cursor in the database."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def read_leaves(first: int, last: int) -> Iterator[Leaf]:
    for seal, position, event, sealed, seq, type, *now in stream(LEAVES, [first, last]):
        row = None if now[0] is None else (*now[:-1], json.loads(now[-1]))
        yield Leaf(seal, position, event, bytes(sealed), seq, type, row)


def check_tree(seal: Seal, leaves: Iterator[Leaf], verdict: Verdict) -> Iterator[Finding]:
    """Each event against its leaf, then the leaves against the root."""
    stored, present = Tree(), Tree()
    named, after = False, "at its beginning"
    for leaf in leaves:
        if leaf.position != stored.size and not named:
            named = True
            yield Finding(
                "seal",
                _("Seal {number}: a leaf is missing {after}.").format(number=seal.number, after=after),
                seal.number,
            )
        for finding in check_leaf(leaf):
            named = True
            yield finding
        stored.add(leaf.sealed)
        present.add(leaf.sealed if leaf.row is None else leaf_hash(canonical_event(leaf.row)))
        after = _("after event #{seq} ({type}, {event})").format(seq=leaf.seq, type=leaf.type, event=leaf.event)
    verdict.events += stored.size
    if stored.root().hex() != seal.root or stored.size != seal.size:
        yield Finding("seal", broken_tree(seal, stored, present, named=named), seal.number)


def check_leaf(leaf: Leaf) -> Iterator[Finding]:
    name = _("Event #{seq} ({type}, {event})").format(seq=leaf.seq, type=leaf.type, event=leaf.event)
    if leaf.row is None:
        yield Finding(
            "removed",
            _("{name} was removed: seal {seal} holds it.").format(name=name, seal=leaf.seal),
            leaf.seal,
            leaf.event,
            leaf.seq,
        )
        return
    as_sealed = leaf_hash(canonical_event(leaf.row)) == leaf.sealed
    if not as_sealed or (leaf.seq, leaf.type) != (leaf.row[1], leaf.row[4]):
        said = _("{name} was changed: it is not what seal {seal} holds.").format(name=name, seal=leaf.seal)
        yield Finding("changed", said, leaf.seal, leaf.event, leaf.seq)


def broken_tree(seal: Seal, stored: Tree, present: Tree, *, named: bool) -> str:
    if stored.size != seal.size:
        return _("Seal {number} was made of {size} events and has {leaves} leaves.").format(
            number=seal.number, size=seal.size, leaves=stored.size
        )
    if present.root().hex() == seal.root:
        return _("Seal {number}: its events are as they were sealed, but its list of leaves was changed.").format(
            number=seal.number
        )
    if named:
        return _("Seal {number}: its leaves do not give its root; they were changed too.").format(number=seal.number)
    return _("Seal {number}: one of its {size} events was changed together with its leaf, or its root was.").format(
        number=seal.number, size=seal.size
    )


@dataclass
class Chain:
    """The seals one after the other: nothing missing, each linked to the one before, signed by us."""

    known: dict[int, str]
    trusted: frozenset[str]
    number: int = 0
    digest: str = ""
    horizon: int = 0
    # the oldest transaction that still runs: no seal reaches beyond it
    now: int = 0
    # all of them are looked at, from the first to the last
    whole: bool = True
    signed: int = 0
    last_signed: bool = field(default=True)

    def check(self, seal: Seal) -> Iterator[Finding]:
        for sentence in (*self.link(seal), *self.signature(seal)):
            yield Finding("seal", sentence, seal.number)
        self.number, self.digest, self.horizon = seal.number, seal.digest, seal.horizon

    def link(self, seal: Seal) -> Iterator[str]:
        noted = self.known.pop(seal.number, seal.digest)
        if seal.number != self.number + 1:
            yield _("Seals {number} to {head} are gone.").format(number=self.number + 1, head=seal.number - 1)
        elif seal.previous != self.digest:
            yield _("Seal {number} is not linked to seal {former}.").format(number=seal.number, former=self.number)
        if digest_of(seal) != seal.digest:
            yield _("Seal {number} was changed.").format(number=seal.number)
        if seal.horizon > self.now:
            yield _("Seal {number} covers transactions that this database has not begun.").format(number=seal.number)
        if noted != seal.digest:
            yield _("Seal {number} is not the one that was noted down ({noted}…).").format(
                number=seal.number, noted=noted[:16]
            )

    def signature(self, seal: Seal) -> Iterator[str]:
        self.last_signed = bool(seal.signature)
        if not seal.signature:
            if self.signed:
                yield _("Seal {number} is not signed, though seals before it are.").format(number=seal.number)
            return
        self.signed += 1
        if not signature_holds(seal):
            yield _("The signature of seal {number} is wrong.").format(number=seal.number)
        elif self.trusted and seal.public_key not in self.trusted:
            yield _("Seal {number} is signed with a key that is not ours ({key}…).").format(
                number=seal.number, key=seal.public_key[:16]
            )

    def end(self, verdict: Verdict) -> Iterator[Finding]:
        if self.number < verdict.head:
            yield Finding(
                "seal",
                _("Seals {number} to {head} are gone.").format(number=self.number + 1, head=verdict.head),
                verdict.head,
            )
        for number in self.known:
            yield Finding("seal", _("Seal {number} was noted down and is gone.").format(number=number), number)
        if self.whole and self.number and not self.last_signed and not self.signed and own_key():
            yield Finding("seal", _("There is a key to sign with, but no seal is signed."), self.number)
        verdict.digest, verdict.signed = self.digest, self.signed


def chain_from(first: int, *, known: dict[int, str], trusted: frozenset[str], whole: bool) -> Chain:
    """A chain that goes on behind the seal before ``first``."""
    former = Seal.objects.filter(number=first - 1).first() if first > 1 else None
    chain = Chain(known=known, trusted=trusted, number=first - 1, now=horizon(), whole=whole)
    if former is not None:
        chain.digest, chain.horizon = former.digest, former.horizon
    return chain


def strangers(begin: int, horizon: int, verdict: Verdict) -> Iterator[Finding]:
    """Events that must have been sealed had they been there, and how many wait for the next seal."""
    for event, seq, type in stream(STRANGERS, [begin, horizon]):
        said = _(
            "Event #{seq} ({type}, {event}) was inserted afterwards: it is older than the last seal and in none."
        ).format(seq=seq, type=type, event=event)
        yield Finding("inserted", said, None, event, seq)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_event WHERE tx >= %s", [horizon])
        (verdict.unsealed,) = cursor.fetchone()
