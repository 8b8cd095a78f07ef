"""Opening shops, and what they have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid
from minqing.core.formats import check_length
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.points.enums import AccountKind
from minqing.points.services import open_account
from minqing.redeeming import rules
from minqing.redeeming.models import Delivery, Item, Keeper, Shop, Stock
from minqing.redeeming.queries.shops import delivery_sent, shop_sent


@sent_once(made=lambda given: shop_sent(given["id"]))
def open_shop(
    *, id: UUID, area_id: int, name: str, keepers: Collection[UUID], by: Actor, at: datetime | None = None
) -> Shop:
    """A shop takes points from now on. Event: ``redeeming.shop.opened``."""
    rules.may_keep(by, area_id).require()
    at = at or clock.now()
    account = open_account(kind=AccountKind.SHOP, area=area_id, name=name, by=by)
    shop = Shop.objects.create(id=id, area_id=area_id, account=account, name=name, opened_at=at, changed_at=at)
    Keeper.objects.bulk_create([Keeper(shop=shop, account_id=one) for one in sorted(set(keepers))])
    told: dict[str, Json] = {"area": area_id, "keepers": [str(one) for one in sorted(set(keepers))]}
    record(type="redeeming.shop.opened", subject=f"shop:{id}", by=by, at=at, data=told)
    return shop


@transaction.atomic
def change_keepers(*, shop: Shop, keepers: Collection[UUID], by: Actor, at: datetime | None = None) -> Shop:
    """Who takes points there from now on. Event: ``redeeming.shop.changed``, if it is others."""
    row = Shop.objects.select_for_update().get(pk=shop.pk)
    rules.may_keep(by, row.area_id).require()
    wanted, now = set(keepers), set(Keeper.objects.filter(shop=row).values_list("account_id", flat=True))
    if wanted == now:
        return row
    Keeper.objects.filter(shop=row).exclude(account__in=wanted).delete()
    Keeper.objects.bulk_create([Keeper(shop=row, account_id=one) for one in sorted(wanted - now)])
    row.changed_at = at or clock.now()
    row.save(update_fields=["changed_at"])
    told: dict[str, Json] = {"area": row.area_id, "keepers": [str(one) for one in sorted(wanted)]}
    record(type="redeeming.shop.changed", subject=f"shop:{row.pk}", by=by, at=row.changed_at, data=told)
    return row


@transaction.atomic
def close_shop(*, shop: Shop, day: date, words: str, by: Actor, at: datetime | None = None) -> Shop:
    """From that day on it takes no points any more; until then people read why. What was had still comes back.

    Said again before the day comes it is another day or reason. Event: ``redeeming.shop.closing``.
    """
    at = at or clock.now()
    row = Shop.objects.select_for_update().get(pk=shop.pk)
    rules.may_keep(by, row.area_id).require()
    if row.closed_at is not None and row.closed_at <= at:
        raise Conflict("shop_closed", _("This shop takes no points any more."))
    if day < clock.local_date(at):
        raise Invalid("day_past", _("This day is over already."))
    if not (text := check_length(clean(words), rules.LONGEST_WORDS)):
        raise Invalid("closing_words", _("Write why, so that people know."))
    row.closed_at, row.closing_words, row.changed_at = max(clock.midnight(day), at), text, at
    row.save(update_fields=["closed_at", "closing_words", "changed_at"])
    told: dict[str, Json] = {"area": row.area_id, "day": day.isoformat()}
    record(type="redeeming.shop.closing", subject=f"shop:{row.pk}", by=by, at=at, data=told)
    return row


@sent_once(made=lambda given: delivery_sent(given["id"]))
def stock_shop(*, id: UUID, shop: Shop, item: Item, count: int, by: Actor, at: datetime | None = None) -> Delivery:
    """So many more of something are in the shop, or fewer where they were counted out.

    What comes is added to what is there at that moment, so that nothing is lost that is had meanwhile.
    Event: ``redeeming.shop.stocked``.
    """
    rules.may_keep(by, shop.area_id).require()
    at = at or clock.now()
    if not 0 < abs(count) <= rules.DEAREST:
        raise Invalid("stock_count", _("This number cannot be."))
    Stock.objects.bulk_create([Stock(shop=shop, item=item)], ignore_conflicts=True)
    row = Stock.objects.select_for_update().get(shop=shop, item=item)
    if row.count + count < 0:
        raise Conflict("stock_left", _("There are not so many in the shop."))
    row.count += count
    row.save(update_fields=["count"])
    made = Delivery.objects.create(id=id, stock=row, count=count, at=at)
    told: dict[str, Json] = {"item": str(item.pk), "count": count, "left": row.count}
    record(type="redeeming.shop.stocked", subject=f"shop:{shop.pk}", by=by, at=at, data=told)
    return made
