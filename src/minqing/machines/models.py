"""Machines that give out goods for points, their slots, and each exchange at one.

Whose points are taken stands in the ledger alone: an exchange knows the number of an account, and no person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from minqing.core.ids import new_id
from minqing.machines.enums import BUSY, State
from minqing.privacy.fields import EncryptedTextField

LOW = 3


class Machine(models.Model):
    """A machine in ``area``. ``code`` stands in the address that its screen shows.

    ``boot`` is how often it has started, ``run`` a word that it made up when it did, ``counter`` that of its last
    message: a message that is not beyond them is refused. ``strays`` counts messages of an earlier boot that were
    new all the same: somebody else has its key. ``former_strays`` are those of starts within the last hour, and
    ``booted_at`` is the first start of that hour. ``account`` is who is given the points. ``hinted``: whether hints by
    the broker reach it, as it said; None where it knows of no broker.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+")
    secret = EncryptedTextField()
    key_made_at = models.DateTimeField(null=True)
    boot = models.BigIntegerField(default=0)
    run = models.CharField(max_length=32, blank=True)
    counter = models.BigIntegerField(default=0)
    former_counter = models.BigIntegerField(default=0)
    strays = models.SmallIntegerField(default=0)
    former_strays = models.SmallIntegerField(default=0)
    booted_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    temperature = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    hinted = models.BooleanField(null=True)
    locked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="machines_of_area")]

    class Privacy:
        public = ("code", "name", "place")
        internal = (
            "id",
            "area",
            "account",
            "key_made_at",
            "boot",
            "run",
            "counter",
            "former_counter",
            "strays",
            "former_strays",
            "booted_at",
            "seen_at",
            "temperature",
            "hinted",
            "locked_at",
            "made_at",
            "changed_at",
        )
        personal = ()
        sensitive = ("secret",)

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One row of a machine, with an item of the catalogue in it, which has the one name and price.

    ``stock`` is what may still be chosen: what is reserved is out of it already. ``low_told_at``: since it was last
    filled somebody was told that few are left.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey("redeeming.Item", on_delete=models.PROTECT, related_name="+")
    stock = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(default=LOW)
    low_told_at = models.DateTimeField(null=True)
    # failed so often one after the other
    failures = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "number"], name="machines_slot_once")]

    class Privacy:
        public = ("number", "item")
        internal = ("id", "machine", "stock", "low", "low_told_at", "failures", "closed_at", "changed_at")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def price(self) -> int:
        return self.item.price

    @property
    def can_be_had(self) -> bool:
        return bool(self.stock and not self.closed_at and self.item.active)


class Claim(models.Model):
    """Who was first with a picture of the screen: everybody else is told to wait for the next."""

    id = models.BigAutoField(primary_key=True)
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+")
    period = models.BigIntegerField()
    account = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "period"], name="machines_picture_once")]

    class Privacy:
        public = ()
        internal = ("id", "machine", "period", "account", "at")
        personal = ()
        sensitive = ()


class Vend(models.Model):
    """One exchange. ``id`` is that of the form, of the command, and of the line in the machine's journal.

    ``item`` was in the slot then, which may be filled with another by now; None for a few of before, where name and
    price do not say. ``person`` is the account of who chose it, by which a month's limit is counted, whichever pays;
    None for one of before. ``hold`` are the points held for it, ``transfer`` what was made of them. ``told`` is what
    the machine said.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="vends")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="vends")
    item = models.ForeignKey("redeeming.Item", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    price = models.PositiveIntegerField()
    account = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("points.Account", null=True, on_delete=models.PROTECT, related_name="+")
    hold = models.BigIntegerField()
    transfer = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, default=State.RESERVED)
    boot = models.BigIntegerField(null=True)
    told = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=10, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["machine", "-reserved_at"], name="machines_vends")]
        constraints = [
            # two people at once: the database lets one of them through
            models.UniqueConstraint(
                fields=["machine"],
                name="machines_one_at_a_time",
                condition=Q(state__in=sorted(one.value for one in BUSY)),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "machine",
            "slot",
            "item",
            "name",
            "price",
            "account",
            "person",
            "hold",
            "transfer",
            "state",
            "boot",
            "told",
            "reason",
            "decided_by",
            "reserved_at",
            "expires_at",
            "given_at",
            "changed_at",
        )
        personal = ()
        sensitive = ()

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


class Trouble(models.Model):
    """Something that is, or was, wrong with a machine: one row from its beginning to its end."""

    id = models.BigAutoField(primary_key=True)
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="troubles")
    alarm = models.CharField(max_length=14)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "alarm"], name="machines_trouble_once", condition=Q(ended_at=None)
            )
        ]

    class Privacy:
        public = ()
        internal = ("id", "machine", "alarm", "since", "ended_at")
        personal = ()
        sensitive = ()
