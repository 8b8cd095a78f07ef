"""What is had in a shop for points, and given back.

Locks in one order: the id of the form, who pays (by name: two shops are not to give one person more than a month
allows), the code, the stock by item, then the ledger's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.points.enums import AccountKind, Code, Outcome
from minqing.points.services import Posting, house_account, post_transfers, reverse_transfer
from minqing.redeeming import rules
from minqing.redeeming.codes import digest_of, new_code
from minqing.redeeming.enums import Reason
from minqing.redeeming.hooks import had_anywhere
from minqing.redeeming.models import Item, Sale, SaleLine, Shop, ShownCode, Stock
from minqing.redeeming.queries.shops import keepers_of, open_at, sale_sent

CALLER = "redeeming"


@transaction.atomic
def show_code(
    *, payer: int, by: Actor, person: int | None = None, most: int | None = None, at: datetime | None = None
) -> tuple[str, datetime]:
    """A code to be shown in a shop, good for ``most`` points, and until when; one that they showed before is over.

    ``person`` is their own account, the one that pays unless said. Whose accounts they are the caller has asked.
    Event: ``redeeming.code.shown``.
    """
    at, person = at or clock.now(), person or payer
    one_at_a_time(person_lock(person))
    ShownCode.objects.filter(person=person, used_at=None, expires_at__gt=at).update(expires_at=at)
    # what was used stays for a day, so that whoever comes second is told so
    ShownCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    code, until = new_code(), at + rules.SHOWN_FOR
    ShownCode.objects.create(
        digest=digest_of(code), payer_id=payer, person_id=person, most=most, shown_at=at, expires_at=until
    )
    record(type="redeeming.code.shown", subject=f"points_account:{payer}", by=by, at=at)
    return code, until


@sent_once(made=lambda given: sale_sent(given["id"]))
def sell(
    *,
    id: UUID,
    shop: Shop,
    code: str,
    wanted: Mapping[UUID, int],
    by: Actor,
    prices: Mapping[UUID, int] | None = None,
    at: datetime | None = None,
) -> Sale:
    """Whoever shows that code gets so many of each item, and pays; all or nothing. Event: ``redeeming.sale.made``.

    ``prices`` are those that the till showed. Raises Conflict where one has changed since, or it is more than the code
    is good for.
    """
    rules.may_sell(by, shop.area_id, keepers_of(shop)).require()
    at = at or clock.now()
    wanted = {item: count for item, count in wanted.items() if count}
    if not wanted or any(not 0 < count <= rules.MOST_AT_ONCE for count in wanted.values()):
        raise Invalid("sale_empty", _("Choose what is handed over, and how many."))
    if not Shop.objects.filter(open_at(at), pk=shop.pk).exists():
        raise Conflict("shop_closed", _("This shop takes no points any more."))
    shown = use_code(code, sale=id, at=at)
    items = out_of_stock(shop, wanted)
    as_seen(items, wanted, prices or {}, shown.most)
    within_limits(items, wanted, shown.person_id or shown.payer_id, at)
    postings = [
        Posting(shown.payer_id, shop.account_id, one.price * wanted[one.pk], Code.REDEEM, f"sale:{id}") for one in items
    ]
    answer = post_transfers(caller=CALLER, key=f"sale:{id}", postings=postings, by=by).checked()
    sale = Sale.objects.create(
        id=id,
        shop=shop,
        area_id=shop.area_id,
        payer_id=shown.payer_id,
        person_id=shown.person_id or shown.payer_id,
        sold_at=at,
        sold_by=by.ref,
    )
    SaleLine.objects.bulk_create(
        [
            SaleLine(sale=sale, item=one, count=wanted[one.pk], price=one.price, transfer=transfer)
            for one, transfer in zip(items, answer.ids, strict=True)
        ]
    )
    told: dict[str, Json] = {"shop": str(shop.pk), "area": shop.area_id, "price": sum(one.amount for one in postings)}
    record(type="redeeming.sale.made", subject=f"sale:{id}", by=by, at=at, data=told)
    return sale


def person_lock(person: int) -> str:
    """Within this name it is counted what a person had, in shops and at machines."""
    return f"redeeming.{person}"


def as_seen(items: list[Item], wanted: Mapping[UUID, int], prices: Mapping[UUID, int], most: int | None) -> None:
    if any(one.price != prices.get(one.pk, one.price) for one in items):
        raise Conflict("price_changed", _("A price has just changed. Nothing was taken; look once more."))
    total = sum(one.price * wanted[one.pk] for one in items)
    if most is not None and total > most:
        told = {"most": most, "total": total}
        raise Conflict(
            "beyond_code",
            _("This is %(total)s points, and their code is good for %(most)s. They can show one for more.") % told,
        )


def use_code(code: str, *, sale: UUID, at: datetime) -> ShownCode:
    """What whoever shows it has said, which is used up by that: of two who type it one gets it."""
    shown = ShownCode.objects.filter(pk=digest_of(code)).first()
    if shown is None:
        raise Conflict("code_unknown", _("There is no such code. Please look at the digits once more."))
    one_at_a_time(person_lock(shown.person_id or shown.payer_id))
    mine = ShownCode.objects.filter(pk=shown.pk, used_at=None, expires_at__gt=at)
    if not mine.update(used_at=at, sale=sale):
        shown.refresh_from_db()
        if shown.used_at is not None:
            when = f"{shown.used_at.astimezone(clock.SHANGHAI):%H:%M}"
            raise Conflict("code_used", _("This code was used already at %(time)s.") % {"time": when})
        raise Conflict("code_over", _("This code is over. Ask them to show a new one."))
    return shown


def out_of_stock(shop: Shop, wanted: Mapping[UUID, int]) -> list[Item]:
    """The items, out of the shop's stock; refused where one of them is not there."""
    items = []
    rows = Stock.objects.select_for_update(of=("self",)).select_related("item")
    for row in rows.filter(shop=shop, item__in=wanted, item__active=True).order_by("item_id"):
        if row.count < wanted[row.item_id]:
            left = {"item": row.item.name, "count": row.count}
            raise Conflict("none_left", _("Of %(item)s there are only %(count)s left.") % left)
        Stock.objects.filter(pk=row.pk).update(count=F("count") - wanted[row.item_id])
        items.append(row.item)
    if len(items) != len(wanted):
        raise Conflict("not_here", _("Something of this is not to be had here any more."))
    return items


def within_limits(items: list[Item], wanted: Mapping[UUID, int], person: int, at: datetime) -> None:
    """What was had elsewhere counts as well, which who takes points here does not see."""
    had = had_anywhere(person, [one.pk for one in items], at)
    for one in items:
        if one.monthly_limit is not None and had.get(one.pk, 0) + wanted[one.pk] > one.monthly_limit:
            told = {"item": one.name, "limit": one.monthly_limit, "had": had.get(one.pk, 0)}
            raise Conflict(
                "monthly_limit",
                _("Of %(item)s one person has at most %(limit)s a month; they have had %(had)s.") % told,
            )


@transaction.atomic
def give_back(*, line: SaleLine, reason: Reason, by: Actor, at: datetime | None = None) -> SaleLine:
    """What was had is in the shop again, and its points with who paid. Once. Event: ``redeeming.sale.returned``.

    What the shop was already paid in money for is carried as a loss.
    """
    lines = SaleLine.objects.select_for_update(of=("self",)).select_related("sale__shop", "item")
    row = lines.filter(pk=line.pk).first()
    if row is None:
        raise NotFound("sale_line")
    shop, at = row.sale.shop, at or clock.now()
    rules.may_sell(by, shop.area_id, keepers_of(shop)).require()
    if row.returned_at is not None:
        when = f"{row.returned_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}"
        raise Conflict("returned", _("This was given back already on %(time)s.") % {"time": when})
    if reason is not Reason.BROKEN:
        Stock.objects.filter(shop=shop, item=row.item).update(count=F("count") + row.count)
    loss = house_account(kind=AccountKind.LOSS, by=by).pk
    answer = reverse_transfer(
        caller=CALLER, key=f"return:{row.pk}", transfer=row.transfer, loss=loss, by=by, reason=str(reason)
    )
    if answer.outcome is Outcome.CLOSED:
        raise Conflict("payer_gone", _("Whoever paid for it is not on file any more: the points cannot go back."))
    answer.checked()
    row.returned_at, row.returned_by, row.reason = at, by.ref, str(reason)
    row.save(update_fields=["returned_at", "returned_by", "reason"])
    told: dict[str, Json] = {"shop": str(shop.pk), "area": shop.area_id, "price": row.sum, "reason": str(reason)}
    record(type="redeeming.sale.returned", subject=f"sale:{row.sale_id}", by=by, at=at, data=told)
    return row
