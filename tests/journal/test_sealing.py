"""What is sealed, what a verification finds, and that nobody waits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, connections, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal import sealing, seals, verifying
from minqing.journal.models import Event, Seal, SealedEvent
from minqing.journal.seal_faults import CounterBehind
from minqing.journal.sealing import seal_new
from minqing.journal.seals import digest_of, sign
from minqing.journal.services import record
from minqing.journal.verifying import Finding, Verdict, verify
from tests.journal.conftest import ACTOR, Write, settle

Tamper = Callable[..., None]
INSERT = """
    INSERT INTO journal_event (id, type, source, subject, at, actor, purpose, data)
    VALUES (%s, 'other.thing.done', '/minqing', '', now(), 'system:other', '', '{}')
"""


def findings(**options: object) -> list[Finding]:
    return list(verify(**options))  # type: ignore[arg-type]


def test_each_event_is_one_statement(db: None, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):
        event = record(type="test.thing.done", subject="thing:1", by=ACTOR)
    event.refresh_from_db()
    assert (event.seq > 0, event.tx > 0, event.actor) == (True, True, "system:test")


def test_an_event_is_there_exactly_if_what_it_tells_is(write: Write) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        record(type="test.thing.done", subject="thing:1", by=ACTOR)
        raise ZeroDivisionError
    assert Event.objects.count() == 0


@pytest.mark.fault(29)
@pytest.mark.parametrize("table", ["journal_event", "journal_seal", "journal_sealedevent"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_app_may_change_nothing_of_the_journal(db: None, table: str, change: str) -> None:
    column = {"journal_event": "type", "journal_seal": "root", "journal_sealedevent": "type"}[table]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column, column))


@pytest.mark.fault(29)
@pytest.mark.parametrize("table", ["journal_event", "journal_seal", "journal_sealedevent"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_trigger_refuses_the_owner_too(committed: None, table: str, change: str) -> None:
    column = {"journal_event": "type", "journal_seal": "root", "journal_sealedevent": "type"}[table]
    owner = connections["owner"]
    with pytest.raises(DatabaseError, match="append-only"), owner.cursor() as cursor:
        cursor.execute(change.format(table, column, column))


def test_a_batch_holds_what_is_new_and_is_linked(write: Write) -> None:
    assert seal_new() is None
    first = write(3)
    one = seal_new()
    second = write(1)
    two = seal_new()
    assert seal_new() is None
    assert one is not None
    assert two is not None
    assert (one.number, one.size, one.previous) == (1, 3, "")
    assert (two.number, two.size, two.previous) == (2, 1, one.digest)
    leaves = SealedEvent.objects.order_by("seal_id", "position")
    assert [leaf.event for leaf in leaves] == [event.id for event in first + second]
    verdict = Verdict()
    assert findings(verdict=verdict) == []
    assert (verdict.seals, verdict.events, verdict.signed, verdict.unsealed) == (2, 4, 2, 0)
    assert (verdict.head, verdict.digest) == (2, two.digest)


def test_batches_larger_than_a_chunk_are_whole(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 3)
    monkeypatch.setattr(verifying, "CHUNK", 2)
    write(8)
    made = seal_new()
    assert made is not None
    assert made.size == 8
    assert findings() == []


def test_odd_data_keeps_its_hash(write: Write) -> None:
    write(1, text='民情\u2028\\"😀', big=2**70, small=1e-30, none=None, deep={"b": [1.5, {"a": True}]})
    assert seal_new() is not None
    assert findings() == []


def test_a_transaction_that_commits_late_is_sealed_later(write: Write, others: psycopg.Connection) -> None:
    late = uuid4()
    others.execute(INSERT, [late])
    write(2, settled=False)
    # both events came after a transaction that still runs: they wait for it, and nobody waits for them
    assert seal_new() is None
    others.commit()
    settle()
    made = seal_new()
    assert made is not None
    assert made.size == 3
    assert SealedEvent.objects.filter(event=late).exists()
    assert findings() == []


def test_sealing_and_writing_do_not_wait_for_each_other(write: Write, others: psycopg.Connection) -> None:
    write(2)
    others.execute("SET lock_timeout = '200ms'")
    with transaction.atomic():
        assert seal_new() is not None
        # the seal is not committed yet, and a writer gets through
        others.execute(INSERT, [uuid4()])
        others.commit()
    assert Event.objects.count() == 3


def test_one_sealer_at_a_time(write: Write) -> None:
    write(1)
    seen: list[Seal | None] = []

    def other() -> None:
        seen.append(seal_new())
        connection.close()

    with transaction.atomic():
        assert seal_new() is not None
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert seen == [None]
    assert findings() == []


@pytest.mark.fault(28)
def test_a_changed_event_is_named(write: Write, tamper: Tamper) -> None:
    events = write(3)
    assert seal_new()
    tamper("UPDATE journal_event SET data = '{\"n\": 99}' WHERE id = %s", events[1].id)
    (found,) = findings()
    assert (found.kind, found.event, found.seal) == ("changed", events[1].id, 1)
    assert str(events[1].id) in found.sentence
    assert "test.thing.done" in found.sentence


@pytest.mark.fault(28)
@pytest.mark.parametrize("column", ["seq", "tx", "recorded_at", "type", "source", "subject", "at", "actor", "purpose"])
def test_a_change_of_any_column_is_found(write: Write, tamper: Tamper, column: str) -> None:
    (event,) = write(1)
    assert seal_new()
    other = {"seq": "seq + 1000", "tx": "tx - 1", "recorded_at": "recorded_at + interval '1 microsecond'"}
    value = other.get(column, "at - interval '1 day'" if column == "at" else f"{column} || 'x'")
    tamper(f"UPDATE journal_event SET {column} = {value}")
    assert [(found.kind, found.event) for found in findings()] == [("changed", event.id)]


@pytest.mark.fault(28)
def test_a_removed_event_is_named(write: Write, tamper: Tamper) -> None:
    events = write(3)
    assert seal_new()
    tamper("DELETE FROM journal_event WHERE id = %s", events[2].id)
    (found,) = findings()
    assert (found.kind, found.event, found.seq) == ("removed", events[2].id, SealedEvent.objects.get(position=2).seq)


@pytest.mark.fault(28)
def test_an_inserted_event_is_named(write: Write, tamper: Tamper) -> None:
    write(2)
    assert seal_new()
    forged = uuid4()
    tamper(
        "INSERT INTO journal_event SELECT %s, 77777, tx, recorded_at, type, source, subject, at, actor, purpose, data "
        "FROM journal_event LIMIT 1",
        forged,
    )
    (found,) = findings()
    assert (found.kind, found.event, found.seq) == ("inserted", forged, 77777)
    write(1)
    assert seal_new()
    # it is not sealed along with what came later
    assert [found.event for found in findings()] == [forged]


@pytest.mark.fault(28)
def test_an_event_changed_with_its_leaf_breaks_the_root(write: Write, tamper: Tamper) -> None:
    events = write(2)
    assert seal_new()
    tamper("UPDATE journal_event SET type = 'test.thing.undone' WHERE id = %s", events[0].id)
    row = Event.objects.filter(id=events[0].id).values_list(*sealing.EVENT_COLUMNS).get()
    leaf = sealing.leaf_hash(sealing.canonical_event(row))
    tamper("UPDATE journal_sealedevent SET leaf = %s, type = 'test.thing.undone' WHERE position = 0", leaf)
    (found,) = findings()
    assert (found.kind, found.seal) == ("seal", 1)
    assert "changed together with its leaf" in found.sentence


@pytest.mark.fault(28)
def test_a_removed_event_with_its_leaf_is_missed_in_its_place(write: Write, tamper: Tamper) -> None:
    events = write(3)
    assert seal_new()
    tamper("DELETE FROM journal_event WHERE id = %s", events[1].id)
    tamper("DELETE FROM journal_sealedevent WHERE event = %s", events[1].id)
    gap, root = findings()
    assert "a leaf is missing after event #" in gap.sentence
    assert str(events[0].id) in gap.sentence
    assert "made of 3 events and has 2 leaves" in root.sentence


@pytest.mark.fault(28)
def test_a_changed_leaf_alone_accuses_no_event_in_the_end(write: Write, tamper: Tamper) -> None:
    write(2)
    assert seal_new()
    tamper("UPDATE journal_sealedevent SET leaf = decode(repeat('00', 32), 'hex') WHERE position = 1")
    assert "its events are as they were sealed" in findings()[-1].sentence


@pytest.mark.fault(28)
def test_a_history_written_anew_lacks_our_signature(write: Write, tamper: Tamper) -> None:
    events = write(2)
    assert seal_new()
    write(1)
    two = seal_new()
    assert two is not None
    noted = {2: two.digest}
    tamper("UPDATE journal_event SET type = 'test.thing.undone' WHERE id = %s", events[0].id)
    tamper("DELETE FROM journal_sealedevent")
    tamper("DELETE FROM journal_seal")
    with pytest.MonkeyPatch.context() as patch:
        # somebody else's key, in somebody else's process
        patch.setattr(sealing, "signing_key", Ed25519PrivateKey.generate)
        assert seal_new()
    said = [found.sentence for found in findings(known=noted)]
    assert any("signed with a key that is not ours" in sentence for sentence in said)
    assert any("Seal 2 was noted down and is gone" in sentence for sentence in said)


@pytest.mark.fault(28)
def test_a_missing_seal_and_broken_links_are_found(write: Write, tamper: Tamper) -> None:
    for _ in range(3):
        write(1)
        assert seal_new()
    tamper("DELETE FROM journal_seal WHERE number = 2")
    assert [found.sentence for found in findings()] == ["Seals 2 to 2 are gone."]
    tamper("DELETE FROM journal_seal WHERE number = 3")
    assert "Seals 2 to 3 are gone." in [found.sentence for found in findings()]


@pytest.mark.fault(28)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("sealed_at = sealed_at - interval '1 day'", "Seal 1 was changed."),
        ("signature = repeat('0', 128)", "The signature of seal 1 is wrong."),
        ("signature = ''", "There is a key to sign with, but no seal is signed."),
        ("public_key = 'zz'", "The signature of seal 1 is wrong."),
        ("root = repeat('0', 64)", "Seal 1 was changed."),
    ],
)
def test_a_changed_seal_is_found(write: Write, tamper: Tamper, change: str, sentence: str) -> None:
    write(1)
    assert seal_new()
    tamper(f"UPDATE journal_seal SET {change}")
    assert sentence in [found.sentence for found in findings()]


def test_an_unsigned_seal_after_signed_ones_is_found(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    assert seal_new()
    monkeypatch.setattr(sealing, "signing_key", lambda: None)
    write(1)
    assert seal_new()
    assert [found.sentence for found in findings()] == ["Seal 2 is not signed, though seals before it are."]


def test_a_former_key_is_trusted_when_it_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    former = Ed25519PrivateKey.generate()
    monkeypatch.setattr(sealing, "signing_key", lambda: former)
    write(1)
    assert seal_new()
    assert "not ours" in findings()[0].sentence
    assert findings(trusted=[seals.public_hex(former)]) == []


def insert(tamper: Tamper, seal: Seal) -> None:
    names = [field.attname for field in Seal._meta.concrete_fields]
    marks = ", ".join(["%s"] * len(names))
    tamper(f"INSERT INTO journal_seal ({', '.join(names)}) VALUES ({marks})", *(getattr(seal, name) for name in names))


def test_a_database_moved_by_a_logical_copy_says_what_is_wrong(write: Write, tamper: Tamper) -> None:
    """The last seal is ours, and this server's counter lies before it."""
    write(1)
    seal = seal_new()
    assert seal
    seal.horizon = 2**50
    sign(seal, seals.signing_key())
    tamper("DELETE FROM journal_seal")
    insert(tamper, seal)
    with pytest.raises(CounterBehind, match="pg_resetwal"):
        seal_new()


@pytest.mark.fault(76)
@pytest.mark.parametrize("values", [{"horizon": 2**50}, {"size": 7}, {"digest": "0" * 64}, {"signature": "00" * 64}])
def test_a_bad_seal_is_named_and_sealing_goes_on_behind_it(
    write: Write, tamper: Tamper, values: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    events = write(2)
    first = seal_new()
    assert first
    events += write(2)
    bad = Seal(number=2, size=0, root="0" * 64, previous=first.digest, horizon=first.horizon, sealed_at=clock.now())
    for name, value in values.items():
        setattr(bad, name, value)
    if "digest" not in values:
        sign(bad, None)
    insert(tamper, bad)
    made = seal_new()
    assert made
    assert (made.number, made.previous, made.size) == (3, bad.digest, 2)
    assert "seal 2 is not ours" in caplog.text
    assert {one.event for one in SealedEvent.objects.all()} == {one.id for one in events}
    caplog.clear()
    write(1)
    assert seal_new()
    assert "not ours" not in caplog.text, "behind a good one it is left to verify"
    told = findings()
    assert {one.seal for one in told} == {2}
    assert not [one for one in told if one.kind == "inserted"]


@pytest.mark.fault(76)
def test_the_app_s_role_adds_no_seal_and_no_leaf_but_through_what_looks_at_them(
    write: Write, others: psycopg.Connection
) -> None:
    write(2)
    made = seal_new()
    assert made
    (late,) = write(1)
    for table in ("journal_seal", "journal_sealedevent"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            others.execute(f"INSERT INTO {table} SELECT * FROM {table}")
        others.rollback()
    leaves = "SELECT journal_seal_leaves(%s, 0, %s::uuid[], ARRAY['\\x00'::bytea])"
    close = "SELECT journal_seal_close(%s, %s, repeat('0', 64), %s, %s, now(), repeat('0', 64), '', '')"
    for number, event, size, previous, ahead in (
        (1, late.id, 1, made.digest, 0),
        (3, late.id, 1, made.digest, 0),
        (2, uuid4(), 1, made.digest, 0),
        (2, late.id, 2, made.digest, 0),
        (2, late.id, 1, "0" * 64, 0),
        (2, late.id, 1, made.digest, 2**50),
    ):
        with pytest.raises(psycopg.errors.CheckViolation):  # noqa: PT012  # one of the two refuses
            others.execute(leaves, [number, [event]])
            others.execute(close, [number, size, previous, made.horizon + ahead])
        others.rollback()
    others.execute(leaves, [2, [late.id]])
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        others.commit()
    others.rollback()
    assert findings() == []


def test_a_seal_says_everything_in_its_digest() -> None:
    seal = Seal(number=1, size=2, root="00", previous="", horizon=3, sealed_at=clock.now())
    before = digest_of(seal)
    seal.size = 3
    assert digest_of(seal) != before


def test_the_journal_names_actors_by_id_only() -> None:
    assert Actor(id=uuid4(), kind="user", name="王建国").ref.startswith("user:")
