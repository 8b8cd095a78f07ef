"""What was had in shops in the past, many at a time, paid by one batch of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.journal.services import record
from minqing.points.enums import Code
from minqing.points.services import Posting, post_transfers
from minqing.redeeming.models import Delivery, Item, Sale, SaleLine, Shop, Stock
from minqing.redeeming.services.sales import CALLER

LOADED: Final = "redeeming.history.loaded"


@dataclass(frozen=True, slots=True)
class PastSale:
    """Who pays from ``payer`` had so many of an item in a shop; ``sold_by`` as the journal names people."""

    shop: Shop
    item: Item
    payer: int
    count: int
    sold_by: str


@transaction.atomic
def load_past_sales(sales: Sequence[PastSale], *, by: Actor, at: datetime) -> int:
    """Store what was had then, and take its points; returns how many. One event for all.

    What is in stock stays as it was counted: as much had come in before. The caller acts as somebody who sees the
    shops, and says of which moment the ledger's transfers are.
    """
    if not sales:
        return 0
    rows = [
        Sale(id=new_id(), shop=one.shop, area_id=one.shop.area_id, payer_id=one.payer, sold_at=at, sold_by=one.sold_by)
        for one in sales
    ]
    postings = [
        Posting(one.payer, one.shop.account_id, one.item.price * one.count, Code.REDEEM, f"sale:{row.pk}")
        for one, row in zip(sales, rows, strict=True)
    ]
    answer = post_transfers(caller=CALLER, key=f"history:{rows[0].pk}", postings=postings, by=by).checked()
    Sale.objects.bulk_create(rows)
    SaleLine.objects.bulk_create(
        [
            SaleLine(sale=row, item=one.item, count=one.count, price=one.item.price, transfer=transfer)
            for one, row, transfer in zip(sales, rows, answer.ids, strict=True)
        ]
    )
    bring_in(sales, at)
    record(type=LOADED, subject="redeeming", by=by, at=at, data={"sales": len(rows)})
    return len(rows)


def bring_in(sales: Sequence[PastSale], at: datetime) -> None:
    counts = Counter[tuple[object, object]]()
    for one in sales:
        counts[one.shop.pk, one.item.pk] += one.count
    stock = Stock.objects.filter(shop__in={one.shop.pk for one in sales})
    Delivery.objects.bulk_create(
        [
            Delivery(id=new_id(), stock=row, count=counts[row.shop_id, row.item_id], at=at)
            for row in stock
            if counts[row.shop_id, row.item_id]
        ]
    )
