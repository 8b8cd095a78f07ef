"""The append-only journal of everything that happens, and the seals that prove it unchanged."""

from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from minqing.core.ids import new_id

SPEC_VERSION = "1.0"
# PostgreSQL's NOTIFY channel on which the journal says that it has grown
CHANNEL = "minqing_journal"


class Event(models.Model):
    """One thing that happened, in the shape of a CloudEvents 1.0 event.

    ``data`` holds ids, codes and figures, never names or texts: the journal can neither be corrected nor erased.
    ``seq``, ``tx`` (transaction number) and ``recorded_at`` are set by the database, whatever a writer sends.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(db_default=Value(0), unique=True, editable=False)
    tx = models.BigIntegerField(db_default=Value(0), editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    type = models.CharField(max_length=80)
    source = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)

    # what is written stays: the trigger refuses everyone else, too
    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "seq"]),
            models.Index(fields=["type", "seq"]),
            models.Index(fields=["tx", "seq"]),
            # pages of the record (audit): by day, and by who did it
            models.Index(fields=["at", "seq"], name="event_by_moment"),
            models.Index(fields=["actor", "at", "seq"], name="event_by_actor"),
        ]

    class Privacy:
        public = ()
        internal = ("id", "seq", "tx", "recorded_at", "type", "source", "subject", "at", "purpose", "data")
        personal = ("actor",)
        sensitive = ()


class Send(models.Model):
    """A form, or a call, that was taken: the id it came with, and a keyed digest of what it said.

    See :mod:`minqing.journal.idempotency`. No word of the content is kept here, and the digest tells none.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    digest = models.BinaryField(max_length=16)
    at = models.DateTimeField(db_default=Now())

    # no part of the journal: forgotten once nothing can be sent again under its id
    app_may = ("SELECT", "INSERT", "DELETE")

    class Privacy:
        public = ()
        # keyed: without the key, which is not in the database, nobody can try out what it may be of
        internal = ("id", "digest", "at")
        personal = ()
        sensitive = ()


class Seal(models.Model):
    """One batch of events, proved unchanged: the root of their Merkle tree and the link to the seal before.

    It covers every event of the transactions from the former seal's ``horizon`` up to its own, that one excluded.
    ``digest`` is the SHA-256 of everything above it here, ``previous`` the digest of the seal before (empty for the
    first), ``signature`` an Ed25519 signature of the digest and ``public_key`` whose; all in hex.
    """

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    horizon = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)

    # added by the sealer's own functions, which look at it (journal_seal_close)
    app_may = ("SELECT",)

    class Privacy:
        public = ("number", "size", "root", "previous", "sealed_at", "digest", "signature", "public_key")
        internal = ("horizon",)
        personal = ()
        sensitive = ()


class SealedEvent(models.Model):
    """A leaf of a seal's tree. It names its event by value, so that it still does when the event was removed."""

    event = models.UUIDField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.BigIntegerField()
    leaf = models.BinaryField(max_length=32)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=80)

    # added by the sealer's own functions, which look at it (journal_seal_close)
    app_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="leaf_once")]

    class Privacy:
        public = ()
        internal = ("event", "seal", "position", "leaf", "seq", "type")
        personal = ()
        sensitive = ()


class Position(models.Model):
    """How far a subscriber has read: everything up to (``tx``, ``seq``). ``tries`` failed on the event after it."""

    name = models.CharField(max_length=60, primary_key=True)
    tx = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Privacy:
        public = ()
        internal = ("name", "tx", "seq", "tries", "retry_at")
        personal = ()
        sensitive = ()


class Parked(models.Model):
    """An event that a subscriber could not take, laid aside so that the others go on. ``error`` is a class's name."""

    subscriber = models.CharField(max_length=60)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=120)
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "event"], name="parked_once")]

    class Privacy:
        public = ()
        internal = ("id", "subscriber", "event", "error", "parked_at")
        personal = ()
        sensitive = ()
