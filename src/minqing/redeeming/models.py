"""What there is for points: the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.redeeming.enums import ItemKind, Reason
from minqing.redeeming.rules import DEAREST


class Item(models.Model):
    """Goods or a service that people of ``area`` may have for ``price`` points. Never deleted: what was had names it.

    ``monthly_limit`` is how many of it one person may have in a month; None is as many as they like. What is not
    ``active`` is offered nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default=ItemKind.GOOD.value)
    name = models.CharField(max_length=40)
    price = models.IntegerField()
    monthly_limit = models.IntegerField(null=True)
    picture = models.ForeignKey("files.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [models.Index(fields=["area", "price"], name="items_of_area")]
        constraints = [
            models.CheckConstraint(name="redeeming_item_kind", condition=Q(kind__in=[one.value for one in ItemKind])),
            models.CheckConstraint(name="redeeming_item_price", condition=Q(price__gt=0, price__lte=DEAREST)),
            models.CheckConstraint(
                name="redeeming_item_limit", condition=Q(monthly_limit=None) | Q(monthly_limit__gt=0)
            ),
        ]

    class Privacy:
        public = ("id", "area", "kind", "name", "price", "monthly_limit", "picture", "active")
        internal = ("added_at", "changed_at")
        personal = ()
        sensitive = ()

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.kind).label)


class Shop(models.Model):
    """A shop of ``area`` that takes points. What it takes is in its ``account`` of the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField("points.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # from when it takes no points any more, and why: people read it before that day comes
    closed_at = models.DateTimeField(null=True)
    closing_words = models.CharField(max_length=200, blank=True, default="", db_default="")

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Privacy:
        public = ("id", "area", "name", "closed_at", "closing_words")
        internal = ("account", "opened_at", "changed_at")
        personal = ()
        sensitive = ()

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None and self.closed_at <= clock.now()


class Keeper(models.Model):
    """Somebody who takes points in a shop: a signed-in person with a post in its area."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="keepers")
    account = models.ForeignKey("org.Account", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="redeeming_keeper_once", fields=["shop", "account"])]

    class Privacy:
        public = ()
        internal = ("id", "shop", "account")
        personal = ()
        sensitive = ()


class Stock(models.Model):
    """How many of an item a shop has. The database lets nobody take what is not there."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="stock")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    count = models.IntegerField(default=0)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="redeeming_stock_once", fields=["shop", "item"]),
            models.CheckConstraint(name="redeeming_stock_left", condition=Q(count__gte=0)),
        ]

    class Privacy:
        public = ("shop", "item", "count")
        internal = ("id",)
        personal = ()
        sensitive = ()


class Delivery(models.Model):
    """So many of an item came into a shop, or with less than nothing: were counted out. Never changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="deliveries")
    count = models.IntegerField()
    at = models.DateTimeField()

    app_may = ("SELECT", "INSERT")

    class Privacy:
        public = ()
        internal = ("id", "stock", "count", "at")
        personal = ()
        sensitive = ()


class ShownCode(models.Model):
    """A code that a resident shows in a shop: good once, for a moment, and for so many points at ``most`` (None: one of
    before). Only its digest is kept. ``person`` is the account of who shows it, whichever pays.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    payer = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("points.Account", null=True, on_delete=models.PROTECT, related_name="+")
    most = models.PositiveIntegerField(null=True)
    shown_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    sale = models.UUIDField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="codes_shown")]

    class Privacy:
        public = ()
        internal = ("digest", "payer", "person", "most", "shown_at", "expires_at", "used_at", "sale")
        personal = ()
        sensitive = ()


class Sale(models.Model):
    """Somebody had something in a shop. ``payer`` is an account of the ledger, which knows numbers alone. ``person`` is
    that of who had it, by which a month's limit is counted, whichever paid; None for one of before.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="sales")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("points.Account", null=True, on_delete=models.PROTECT, related_name="+")
    sold_at = models.DateTimeField()
    sold_by = models.CharField(max_length=60)

    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-sold_at"], name="sales_of_shop"),
            models.Index(fields=["payer", "-sold_at"], name="sales_to_payer"),
        ]

    class Privacy:
        public = ()
        internal = ("id", "shop", "area", "payer", "person", "sold_at", "sold_by")
        personal = ()
        sensitive = ()


class SaleLine(models.Model):
    """So many of one item, paid by one transfer of the ledger: given back, that transfer is taken back, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    count = models.IntegerField()
    price = models.IntegerField()
    transfer = models.BigIntegerField(unique=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=10, blank=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [models.CheckConstraint(name="redeeming_line_count", condition=Q(count__gt=0, price__gt=0))]

    class Privacy:
        public = ()
        internal = ("id", "sale", "item", "count", "price", "transfer", "returned_at", "returned_by", "reason")
        personal = ()
        sensitive = ()

    @property
    def sum(self) -> int:
        return self.count * self.price

    @property
    def reason_label(self) -> str:
        return str(Reason(self.reason).label) if self.reason else ""


class PaperLine(models.Model):
    """One line of a shop's own paper: so many of something on a day, for so many points; less than nothing is what came
    back. ``slip`` is its number on the paper, where one day has several lines of one thing.
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="paper")
    day = models.DateField()
    what = models.CharField(max_length=40)
    slip = models.CharField(max_length=20, blank=True, default="")
    count = models.IntegerField()
    points = models.IntegerField()
    brought_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="redeeming_paper_once", fields=["shop", "day", "what", "slip"]),
        ]

    class Privacy:
        public = ()
        internal = ("id", "shop", "day", "what", "slip", "count", "points", "brought_at")
        personal = ()
        sensitive = ()


class Settled(models.Model):
    """Somebody has looked why a shop's paper and the ledger differ, of one thing on one day as both stood: for
    other figures it is open again. A side that knew nothing of it has None.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="settled")
    day = models.DateField()
    what = models.CharField(max_length=40)
    paper_count = models.IntegerField(null=True)
    paper_points = models.IntegerField(null=True)
    ledger_count = models.IntegerField(null=True)
    ledger_points = models.IntegerField(null=True)
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    app_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [models.Index(fields=["shop", "day"], name="settled_of_shop")]

    class Privacy:
        public = ()
        internal = (
            "id",
            "shop",
            "day",
            "what",
            "paper_count",
            "paper_points",
            "ledger_count",
            "ledger_points",
            "words",
            "at",
            "by",
        )
        personal = ()
        sensitive = ()
