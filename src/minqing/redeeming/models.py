"""What there is for points: the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from minqing.core.ids import new_id
from minqing.redeeming.enums import ItemKind
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
