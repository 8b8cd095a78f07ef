"""Shops, what they have, and what was had there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.queries import area_path
from minqing.points.queries.sheets import next_month
from minqing.privacy.access import one_of
from minqing.redeeming.models import Delivery, Keeper, Sale, SaleLine, Shop, Stock

# how a sale names the account of who took the points
OF_USERS = "user:"


def visible_shops(actor: Actor) -> QuerySet[Shop]:
    """Those of the actor's areas."""
    return Shop.objects.filter(one_of("area_id", actor.areas)).select_related("area").order_by("name", "pk")


def shop_for(actor: Actor, shop_id: UUID) -> Shop:
    """Raises NotFound for one that the actor may not know of."""
    found = visible_shops(actor).filter(pk=shop_id).first()
    if found is None:
        raise NotFound("shop")
    return found


def till_for(actor: Actor, shop_id: UUID) -> Shop:
    """The shop for who takes points there: for others there is no till."""
    shop = shop_for(actor, shop_id)
    if actor.id not in keepers_of(shop):
        raise NotFound("shop")
    return shop


def shop_sent(id: UUID) -> Shop | None:
    """What the form with this id has opened."""
    return Shop.objects.filter(pk=id).first()


def delivery_sent(id: UUID) -> Delivery | None:
    return Delivery.objects.filter(pk=id).first()


def sale_sent(id: UUID) -> Sale | None:
    return Sale.objects.filter(pk=id).first()


def keepers_of(shop: Shop) -> frozenset[UUID]:
    return frozenset(Keeper.objects.filter(shop=shop).values_list("account_id", flat=True))


def sellers_of(shop: Shop, day: date) -> frozenset[UUID]:
    """Accounts that took points there in the month of that day, whether or not they still may."""
    month = day.replace(day=1)
    sales = Sale.objects.filter(
        shop=shop, sold_at__gte=clock.midnight(month), sold_at__lt=clock.midnight(next_month(month))
    )
    refs = sales.filter(sold_by__startswith=OF_USERS).values_list("sold_by", flat=True).distinct()
    return frozenset(UUID(one.removeprefix(OF_USERS)) for one in refs)


def stock_of(shop: Shop) -> list[Stock]:
    """What the shop has or had, by name; what is offered no more only while some of it is left."""
    rows = Stock.objects.filter(shop=shop).filter(Q(item__active=True) | Q(count__gt=0))
    return list(rows.select_related("item").order_by("item__name", "item_id"))


def open_at(moment: datetime) -> Q:
    """Shops that take points at that moment."""
    return Q(closed_at=None) | Q(closed_at__gt=moment)


def near(area_id: int) -> list[Shop]:
    """The open shops of an area and of all above it: those to which one walks; also one that says when it closes."""
    path = area_path(area_id)
    above = [int(part) for part in path.split(".") if part]
    return list(Shop.objects.filter(open_at(clock.now()), area__in=above).order_by("name", "pk"))


@dataclass(frozen=True, slots=True)
class Day:
    """A shop's day: what was had, and what was given back on it."""

    day: date
    lines: Sequence[SaleLine]
    returned: Sequence[SaleLine]

    @property
    def had(self) -> int:
        return sum(one.sum for one in self.lines)

    @property
    def back(self) -> int:
        return sum(one.sum for one in self.returned)

    @property
    def sum(self) -> int:
        return self.had - self.back


def day_of(shop: Shop, day: date) -> Day:
    since, until = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    rows = SaleLine.objects.filter(sale__shop=shop).select_related("sale", "item")
    sold = rows.filter(sale__sold_at__gte=since, sale__sold_at__lt=until).order_by("-sale__sold_at", "pk")
    back = rows.filter(returned_at__gte=since, returned_at__lt=until).order_by("-returned_at", "pk")
    return Day(day, list(sold), list(back))


def had_this_month(person: int, items: Collection[UUID], at: datetime) -> Mapping[UUID, int]:
    """How many of these somebody has had in the month of ``at`` and kept, from whichever purse it was paid."""
    first = clock.midnight(clock.local_date(at).replace(day=1))
    theirs = Q(sale__person=person) | Q(sale__person=None, sale__payer=person)
    rows = SaleLine.objects.filter(theirs, item__in=items, sale__sold_at__gte=first, returned_at=None)
    return dict(rows.values_list("item").annotate(n=Sum("count")).order_by())


def words_of(sales: Collection[UUID]) -> dict[UUID, str]:
    """What was had in each, in words."""
    found: dict[UUID, list[str]] = {}
    rows = SaleLine.objects.filter(sale__in=sales).select_related("item").order_by("item__name")
    for one in rows:
        found.setdefault(one.sale_id, []).append(one.item.name + (f" ×{one.count}" if one.count > 1 else ""))
    return {sale: "、".join(words) for sale, words in found.items()}


def last_sale_to(people: Collection[int], since: datetime) -> Sale | None:
    """What one of those persons has had last, from whichever purse."""
    rows = Sale.objects.filter(person__in=people, sold_at__gte=since).select_related("shop").prefetch_related("lines")
    return rows.order_by("-sold_at").first()


def line_of(shop: Shop, line_id: UUID) -> SaleLine:
    """One thing that was had in the shop. Raises NotFound for one that was not."""
    found = SaleLine.objects.filter(pk=line_id, sale__shop=shop).select_related("sale", "item").first()
    if found is None:
        raise NotFound("sale_line")
    return found
