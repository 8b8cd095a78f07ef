"""Devices, what they handed in, and what each of them holds."""

from __future__ import annotations

from django.db import models

from minqing.core.ids import new_id
from minqing.privacy.fields import EncryptedTextField
from minqing.sync.enums import Arrival


class Device(models.Model):
    """A phone on which somebody keeps diaries. ``key`` opens what is kept there; it is gone once it is revoked.

    ``last_told``, ``waiting_told`` and ``oldest_told`` are what the phone itself said last, less what came with it: the
    highest number it gave, how many wait on it, the day of the oldest of them, as far as it is known. ``highest`` and
    ``arrived`` are what came of its numbers.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    key = EncryptedTextField()
    registered_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    highest = models.PositiveIntegerField(default=0)
    arrived = models.PositiveIntegerField(default=0)
    last_told = models.PositiveIntegerField(default=0)
    waiting_told = models.PositiveIntegerField(default=0)
    oldest_told = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-seen_at", "-id"], name="sync_devices_seen")]

    class Privacy:
        public = ()
        internal = (
            "id",
            "account",
            "unit",
            "name",
            "registered_at",
            "seen_at",
            "revoked_at",
            "highest",
            "arrived",
            "last_told",
            "waiting_told",
            "oldest_told",
        )
        personal = ()
        sensitive = ("key",)


class Entry(models.Model):
    """One operation and its receipt in one row, which is added and never changed. It holds no word of its content.

    ``about`` is what its order hangs on, ``digest`` a keyed one of all that was sent; ``told`` is the sentence of a
    refusal, ``thing`` the record that there is since.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    schema = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=16)
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=300, blank=True)
    thing = models.CharField(max_length=60, blank=True)

    app_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "number"], name="sync_number_once")]

    class Privacy:
        public = ()
        internal = (
            "id",
            "device",
            "number",
            "kind",
            "schema",
            "about",
            "digest",
            "written_at",
            "received_at",
            "outcome",
            "code",
            "told",
            "thing",
        )
        personal = ()
        sensitive = ()


class Shelf(models.Model):
    """What a device holds: keys and versions, as it last confirmed them under ``number``, and as they were ``offered``.

    The answer that offers may be lost on its way; what was confirmed before it is then still the ground to go on from.
    """

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="shelf")
    number = models.PositiveIntegerField(default=0)
    held = models.JSONField(default=dict)
    offered_number = models.PositiveIntegerField(default=0)
    offered = models.JSONField(default=dict)

    class Privacy:
        public = ()
        internal = ("device", "number", "held", "offered_number", "offered")
        personal = ()
        sensitive = ()


class Photo(models.Model):
    """A photo that an operation has named and that comes after it: of so many bytes, ``received`` of them are here.

    ``thing`` is the record that it belongs to, in ``area``; ``told`` says why it could not be taken.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="photos", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    thing = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    arrival = models.CharField(max_length=12, default=Arrival.OWED)
    told = models.CharField(max_length=300, blank=True)
    named_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "sha256"], name="sync_photo_once")]
        indexes = [
            models.Index(fields=["thing"], name="sync_photos_of_thing"),
            # what has arrived is many, what is still to come is few
            models.Index(fields=["device", "id"], condition=~models.Q(arrival="received"), name="sync_photos_to_come"),
            models.Index(fields=["area"], condition=~models.Q(arrival="received"), name="sync_photos_of_area"),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "entry",
            "device",
            "area",
            "thing",
            "size",
            "received",
            "arrival",
            "told",
            "named_at",
            "moved_at",
        )
        personal = ("sha256",)
        sensitive = ()


class PhotoPiece(models.Model):
    """Some bytes of a photo, as Base64 and encrypted for their row, until the whole of it is here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    offset = models.PositiveIntegerField()
    data = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "offset"], name="sync_piece_once")]

    class Privacy:
        public = ()
        internal = ("id", "photo", "offset")
        personal = ()
        sensitive = ("data",)


class Letter(models.Model):
    """What was sealed to the server and handed in by a phone or in a file, until somebody decides whether it is taken.

    ``operation`` is the entry that it holds, with ``sha256`` a photo of that entry; ``print`` tells two of other
    content apart. ``sealed`` is gone once it is decided. ``sent_at`` is what the phone's clock said,
    where the phone sent it. ``reminded_at`` and ``raised_at``: when those who decide, and those above them, were told
    that nobody has.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="letters", db_index=False)
    operation = models.UUIDField()
    sha256 = models.CharField(max_length=64, blank=True)
    print = models.CharField(max_length=64)
    area = models.ForeignKey("org.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    sealed = models.BinaryField()
    came = models.CharField(max_length=10)
    written_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    handed_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, blank=True)
    told = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "operation", "sha256", "print"], name="sync_letter_once")
        ]
        indexes = [
            models.Index(fields=["area", "device"], condition=models.Q(decided_at=None), name="sync_letters_waiting")
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "device",
            "operation",
            "area",
            "came",
            "written_at",
            "sent_at",
            "received_at",
            "handed_by",
            "decided_at",
            "decided_by",
            "outcome",
            "told",
            "reminded_at",
            "raised_at",
        )
        personal = ("sha256", "print")
        sensitive = ("sealed",)
