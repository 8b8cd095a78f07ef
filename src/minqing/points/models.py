"""The points ledger 香榧币: accounts, and transfers that only ever add.

A transfer takes from one account what it gives to the other, so that all accounts together hold nothing at any time.
Its rows are written by functions of the database alone, and balances follow them by triggers (decision 0040).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from minqing.points.enums import HOUSE, AccountKind, Code, End, Naming, Wish

TAKING_BACK = [Code.CORRECT.value, Code.WRITE_OFF.value]


class Account(models.Model):
    """A number under which points are kept. Whose it is stands in :class:`Holder`, behind the wall.

    ``floored``: it never holds less than nothing. ``appended``: what many give to it at once is appended and folded.
    Both follow from the kind. An account is never deleted; one that is ``closed_at`` a moment takes and gives nothing.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="points_kind", condition=Q(kind__in=[one.value for one in AccountKind])),
            models.UniqueConstraint(
                name="points_house_account_once",
                fields=["kind"],
                condition=Q(kind__in=[one.value for one in sorted(HOUSE)]),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "kind", "opened_at", "closed_at")
        personal = ()
        sensitive = ()


class Holder(models.Model):
    """Whose an account is. Goes with the person's file; the account stays, and is nobody's then.

    ``wish`` is what they said about the sheet that their village posts (:class:`VillageSheet`).
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="holder")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    resident = models.OneToOneField("households.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    household = models.OneToOneField("households.Household", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    # of a shop, a provider or an activity
    name = models.CharField(max_length=60, blank=True)
    wish = models.CharField(max_length=5, default=Wish.USUAL, db_default=Wish.USUAL.value)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_holder_is_one",
                condition=Q(resident__isnull=False, household=None, unit=None, name="")
                | Q(resident=None, household__isnull=False, unit=None, name="")
                | Q(resident=None, household=None, unit__isnull=False, name="")
                | (Q(resident=None, household=None, unit=None) & ~Q(name="")),
            )
        ]

    class Privacy:
        public = ()
        internal = ("account", "area", "unit")
        personal = ("resident", "household", "name", "wish")
        sensitive = ()


class Stay(models.Model):
    """An account lay in ``area`` until its holder moved or was erased, and had ``balance`` then. Kept by triggers.

    By it the sums of a place are of those who lived there at the time, and a month that is over stays as it was.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    until = models.DateTimeField()
    balance = models.BigIntegerField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("id", "account", "area", "until", "balance")
        personal = ()
        sensitive = ()


class Request(models.Model):
    """What was asked of the ledger, under a ``key`` that its ``caller`` made, and how it ended.

    The same key with the same content (``digest``) has the same answer for ever, a refusal too. ``id`` is also that of
    its event in the journal, which holds a digest of each of its rows and is sealed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32)
    outcome = models.CharField(max_length=20)
    # which of several it failed at, from 0
    failed = models.IntegerField(null=True)
    rows = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()

    app_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(name="points_key_once", fields=["caller", "key"])]

    class Privacy:
        public = ()
        internal = ("id", "caller", "key", "digest", "outcome", "failed", "rows", "at")
        personal = ()
        sensitive = ()


class Transfer(models.Model):
    """``amount`` points from ``debit`` to ``credit``: both entries in one row, so that neither is without the other.

    ``code`` is what for, ``about`` the record that it is for, as the journal names records. The keys to accounts are
    held by the trigger that moves the balances, not by constraints: those would lock the row of a busy account.
    """

    id = models.BigAutoField(primary_key=True)
    request = models.UUIDField()
    debit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    code = models.CharField(max_length=12)
    about = models.CharField(max_length=80, blank=True)
    # the transfer that it takes back
    reverses = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField()

    app_may = ("SELECT",)

    class Meta:
        indexes = [
            models.Index(fields=["debit", "id"], name="points_debits"),
            models.Index(fields=["credit", "id"], name="points_credits"),
        ]
        constraints = [
            models.CheckConstraint(name="points_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="points_two_accounts", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(
                name="points_takes_back",
                condition=Q(code__in=TAKING_BACK, reverses__isnull=False) | ~Q(code__in=TAKING_BACK) & Q(reverses=None),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "request", "debit", "credit", "amount", "code", "about", "reverses", "posted_at")
        personal = ()
        sensitive = ()


class Balance(models.Model):
    """What an account holds, without what still waits in :class:`Delta`. Kept by triggers alone."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="balance")
    floored = models.BooleanField()
    appended = models.BooleanField()
    posted = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    app_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_never_below_zero", condition=Q(floored=False) | Q(posted__gte=F("held"))
            ),
            models.CheckConstraint(name="points_held", condition=Q(held__gte=0)),
        ]

    class Privacy:
        public = ()
        internal = ("account", "floored", "appended", "posted", "held")
        personal = ()
        sensitive = ()


class Delta(models.Model):
    """What came to a busy account and is not in its balance yet."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()

    app_may = ("SELECT",)

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="points_deltas")]

    class Privacy:
        public = ()
        internal = ("id", "account", "amount")
        personal = ()
        sensitive = ()


class Reversal(models.Model):
    """A transfer was taken back: once."""

    transfer = models.OneToOneField(Transfer, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")
    request = models.UUIDField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("transfer", "request")
        personal = ()
        sensitive = ()


class Hold(models.Model):
    """Points kept free for something to be redeemed, until it is done, called off, or ``expires_at`` is past."""

    id = models.BigAutoField(primary_key=True)
    request = models.UUIDField()
    debit = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    credit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    about = models.CharField(max_length=80, blank=True)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    app_may = ("SELECT",)

    class Meta:
        constraints = [models.CheckConstraint(name="points_held_amount", condition=Q(amount__gt=0))]

    class Privacy:
        public = ()
        internal = ("id", "request", "debit", "credit", "amount", "about", "held_at", "expires_at")
        personal = ()
        sensitive = ()


class HoldEnd(models.Model):
    """How a hold ended: once. ``transfer`` is what was made of it; ``request`` also names the event that tells it."""

    hold = models.OneToOneField(Hold, primary_key=True, on_delete=models.DO_NOTHING, related_name="ended")
    request = models.UUIDField()
    how = models.CharField(max_length=10)
    transfer = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    app_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_hold_end",
                condition=Q(how=End.POSTED.value, transfer__isnull=False)
                | Q(how__in=[End.VOIDED.value, End.EXPIRED.value, End.RENEWED.value], transfer=None),
            )
        ]

    class Privacy:
        public = ()
        internal = ("hold", "request", "how", "transfer", "at")
        personal = ()
        sensitive = ()


class OpenHold(models.Model):
    """A hold without an end, for whoever has to look at these alone. Kept by triggers."""

    hold = models.OneToOneField(Hold, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    amount = models.BigIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("hold", "account", "amount", "expires_at")
        personal = ()
        sensitive = ()


class Lot(models.Model):
    """What is left in an account of points that are good until one day, itself included. Kept by triggers."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    expires_on = models.DateField()
    remaining = models.BigIntegerField()

    app_may = ("SELECT",)

    class Meta:
        # without the condition that something is left: an index on what each transfer changes makes each change dear
        indexes = [models.Index(fields=["expires_on"], name="points_lots_days")]
        constraints = [
            models.UniqueConstraint(name="points_lot_once", fields=["account", "expires_on"]),
            models.CheckConstraint(name="points_lot_left", condition=Q(remaining__gte=0)),
        ]

    class Privacy:
        public = ()
        internal = ("id", "account", "expires_on", "remaining")
        personal = ()
        sensitive = ()


class LotEntry(models.Model):
    """What a transfer put into a lot, or took; without a transfer the day of points was put off."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.BigIntegerField(null=True, db_index=True)
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    expires_on = models.DateField()
    amount = models.BigIntegerField()

    app_may = ("SELECT",)

    class Privacy:
        public = ()
        internal = ("id", "transfer", "account", "expires_on", "amount")
        personal = ()
        sensitive = ()


class MonthClose(models.Model):
    """The trial balance of a month that is over: kind of account → what was given to them and taken until its end."""

    month = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()
    totals = models.JSONField()

    app_may = ("SELECT", "INSERT")

    class Privacy:
        public = ()
        internal = ("month", "closed_at", "totals")
        personal = ()
        sensitive = ()


class Past(models.Model):
    """Its one row says that a made-up county is just being loaded, whose transfers are of a moment of the past.

    The app cannot write it, so that nobody dates back: ``points_moment`` of the database, migration 0010.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    opened_at = models.DateTimeField(db_default=Now())

    app_may = ("SELECT",)

    class Meta:
        constraints = [models.CheckConstraint(name="points_one_past", condition=Q(id=1))]

    class Privacy:
        public = ()
        internal = ("id", "opened_at")
        personal = ()
        sensitive = ()


class VillageSheet(models.Model):
    """How a village calls people on the sheet of points that it posts each month; one without a row by the surname."""

    area = models.OneToOneField("org.Area", primary_key=True, on_delete=models.PROTECT, related_name="+")
    naming = models.CharField(max_length=8)
    changed_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="points_sheet_naming", condition=Q(naming__in=[one.value for one in Naming]))
        ]

    class Privacy:
        public = ()
        internal = ("area", "naming", "changed_at")
        personal = ()
        sensitive = ()
