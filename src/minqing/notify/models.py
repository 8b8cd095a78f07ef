"""What somebody is told, where they can be reached, how they want it, and what leaves the house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from minqing.core.ids import new_id
from minqing.notify.enums import Mode, State
from minqing.notify.lifecycle import DUE
from minqing.privacy.fields import EncryptedTextField


class Address(models.Model):
    """Where one account is reached through one channel: openid, user id of DingTalk, telephone or e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    channel = models.CharField(max_length=10)
    address = EncryptedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "channel"], name="notify_address_once")]

    class Privacy:
        public = ()
        internal = ("id", "channel", "saved_at")
        personal = ("account",)
        sensitive = ("address",)


class Choice(models.Model):
    """How one account wants to be told through one channel. Without a row :func:`rules.default_wish` holds.

    Quiet hours are local times; ``quiet_from`` later than ``quiet_to`` spans midnight, NULL is never quiet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    channel = models.CharField(max_length=10)
    mode = models.CharField(max_length=10, default=Mode.AT_ONCE)
    kinds_off = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "channel"], name="notify_choice_once")]

    class Privacy:
        public = ()
        internal = ("id", "channel", "mode", "kinds_off")
        personal = ("account", "quiet_from", "quiet_to")
        sensitive = ()


class Notice(models.Model):
    """One thing that one account is told in the app. Its text is made when it is shown, from kind and parameters.

    ``params`` holds numbers, days, counts and area ids alone; ``subject`` names the record (``matter:<id>``).
    ``replaced_by`` is the later notice that says the same of the same record, told before this one was read.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-made_at", "-id"], name="notify_notice_list"),
            models.Index(fields=["account"], condition=Q(read_at__isnull=True), name="notify_notice_unread"),
        ]

    class Privacy:
        public = ()
        internal = ("id", "kind", "subject", "params", "link", "made_at", "replaced_by")
        personal = ("account", "read_at")
        sensitive = ()


class Outgoing(models.Model):
    """One message in the outbox: one notice through one channel, or the digest of several.

    ``key`` is unique, so nothing is queued twice; ``tries`` fences a worker that comes back after its lease.
    ``address`` and ``link`` are kept only for somebody without an account, and emptied when the message has ended.
    ``error`` is a code of ours or the carrier's; ``provider_id`` what the carrier calls the message.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80, unique=True)
    notice = models.UUIDField()
    account = models.UUIDField(null=True, blank=True)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    address = EncryptedTextField()
    link = EncryptedTextField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    digest = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="notify_known_state")
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state__in=list(DUE)), name="notify_outgoing_due"),
            models.Index(fields=["next_at"], condition=Q(state=State.HELD), name="notify_outgoing_held"),
            models.Index(fields=["lease_until"], condition=Q(state=State.SENDING), name="notify_outgoing_lease"),
            models.Index(fields=["made_at"], condition=Q(state=State.PARKED), name="notify_outgoing_parked"),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "key",
            "notice",
            "channel",
            "kind",
            "params",
            "language",
            "state",
            "tries",
            "next_at",
            "lease_until",
            "error",
            "provider_id",
            "digest",
            "made_at",
            "ended_at",
        )
        personal = ("account",)
        sensitive = ("address", "link")
