"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.org.models import Area
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.redeeming.models import Item, Keeper, Sale, SaleLine, Shop, Stock
from minqing.redeeming.rules import KEEPERS, READERS, SHOPS, TILL, may_keep, may_sell, may_settle
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ANYONE, HERE, Line, Reach, door, planted
from tests.architecture.reasons import FINDS_CHANGES, ONE_ROW, ORDERED
from tests.cast import Cast
from tests.files.pictures import jpeg


def item(cast: Cast, area: Area) -> tuple[UUID]:
    now = clock.now()
    with cast.everything():
        return (Item.objects.create(area=area, name="矿泉水", price=15, added_at=now, changed_at=now).pk,)


def pictured(cast: Cast, area: Area) -> tuple[UUID]:
    (id,) = item(cast, area)
    with cast.everything() as by:
        picture = store_picture(id=id, upload=BytesIO(jpeg()), name="水.jpg", by=by)
        # the cheapest comes first, and the walk looks at one of a kind
        Item.objects.filter(pk=id).update(picture=picture, price=1)
    return (id,)


def shop(cast: Cast, area: Area) -> tuple[UUID]:
    """One with water in it, kept by the secretary of the place where there is one."""
    now = clock.now()
    (water,) = item(cast, area)
    with cast.everything() as by:
        account = open_account(kind=AccountKind.SHOP, area=area.pk, name="村口超市", by=by)
        one = Shop.objects.create(area=area, account=account, name="村口超市", opened_at=now, changed_at=now)
        Stock.objects.create(shop=one, item_id=water, count=3)
        if area == cast.own:
            Keeper.objects.create(shop=one, account=cast.account("village_secretary"))
    return (one.pk,)


def line(cast: Cast, area: Area) -> tuple[UUID, UUID]:
    (id,) = shop(cast, area)
    home = planted(cast, area)
    with cast.everything() as by:
        payer = open_account(kind=AccountKind.HOUSEHOLD, area=area.pk, household=home.pk, by=by)
        one = Shop.objects.get(pk=id)
        issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
        given = post_transfers(
            caller="tests", key=str(new_id()), by=by,
            postings=[Posting(issuance, payer.pk, 15, Code.AWARD), Posting(payer.pk, one.account_id, 15, Code.REDEEM)],
        )  # fmt: skip
        sale = Sale.objects.create(id=new_id(), shop=one, area=area, payer=payer, sold_at=clock.now(), sold_by="tests")
        water = Stock.objects.get(shop=one).item
        made = SaleLine.objects.create(sale=sale, item=water, count=1, price=15, transfer=given.ids[1])
    return (id, made.pk)


# who takes points is a shop's own people: for others of the place there is no till
KEPT: Reach = {"village_secretary": HERE}

LINES = {
    "redeeming:shops": Line(SHOPS),
    "redeeming:open_shop": Line(KEEPERS),
    "redeeming:shop": Line(SHOPS, at=shop),
    "redeeming:stock": Line(KEEPERS, at=shop, post=True, ok=422),
    "redeeming:keepers": Line(KEEPERS, at=shop, post=True, ok=302),
    "redeeming:close": Line(KEEPERS, at=shop, post=True, ok=422),
    "redeeming:till": Line(TILL, at=shop, reach=KEPT),
    "redeeming:day": Line(SHOPS, at=shop),
    "redeeming:paper": Line(KEEPERS, at=shop),
    "redeeming:give_back": Line(TILL, at=line, reach=KEPT),
    "redeeming:code": Line(ANYONE, at=door, ok=302),
    "redeeming:spent": Line(ANYONE, at=door, ok=302),
    "redeeming:items": Line(READERS),
    "redeeming:add": Line(KEEPERS),
    "redeeming:item": Line(READERS, at=item),
    "redeeming:picture": Line(READERS, at=pictured),
}


def sells(cast: Cast, actor: Actor) -> Any:
    """May who keeps the shop of the village take points there?"""
    return may_sell(actor, cast.own.pk, {cast.account("village_secretary").pk})


def settles(cast: Cast, actor: Actor) -> Any:
    """May they say why paper and ledger of the village's shop differ?"""
    return may_settle(actor, cast.own.pk, {cast.account("village_secretary").pk})


ACTS = {
    "settle_difference": Act("redeeming:paper", settles, shared=True),
    "add_item": Act("redeeming:add", at_home(may_keep)),
    "change_item": Act("redeeming:item", at_home(may_keep), shared=True),
    "open_shop": Act("redeeming:open_shop", at_home(may_keep)),
    "change_keepers": Act("redeeming:keepers", at_home(may_keep)),
    "close_shop": Act("redeeming:close", at_home(may_keep)),
    "stock_shop": Act("redeeming:stock", at_home(may_keep)),
    "sell": Act("redeeming:till", sells, shared=True),
    "give_back": Act("redeeming:give_back", sells, shared=True),
}
# behind a code there is no role
ASKING = frozenset({"redeeming:code"})
WITHOUT_PAGE = {"note_paper": "by a table that is brought", "show_code": "by residents behind a door, who have no post"}


def something_for_points(cast: Cast) -> None:
    pictured(cast, cast.own)
    shop(cast, cast.own)


PLANTED = {something_for_points}
ADDS = {"AddItemForm", "OpenShopForm", "StockForm", "SellForm", "SettleForm"}
UNSEEN = {"redeeming:code": "adds a code"}
BY_SERVICE = {
    "redeeming.forms.catalogue.AddItemForm": "redeeming.services.catalogue.add_item",
    "redeeming.forms.catalogue.ChangeItemForm": FINDS_CHANGES,
    "redeeming.forms.shops.OpenShopForm": "redeeming.services.shops.open_shop",
    "redeeming.forms.shops.StockForm": "redeeming.services.shops.stock_shop",
    "redeeming.forms.shops.SettleForm": "redeeming.services.papers.settle_difference",
    "redeeming.forms.shops.SellForm": "redeeming.services.sales.sell",
}
LOCKED = {
    "redeeming.services.sales.use_code": ONE_ROW,
    "redeeming.services.catalogue.change_item": ONE_ROW,
    "redeeming.services.shops.change_keepers": ONE_ROW,
    "redeeming.services.shops.close_shop": ONE_ROW,
    "redeeming.services.shops.stock_shop": ONE_ROW,
    "redeeming.services.papers.note_paper": ONE_ROW,
    "redeeming.services.papers.settle_difference": ONE_ROW,
    "redeeming.services.sales.show_code": "who pays, by name, then their codes",
    "redeeming.services.sales.out_of_stock": ORDERED,
    "redeeming.services.sales.give_back": "the line, then the stock of its item, then the ledger's own",
}
TOLD_BY = {
    "redeeming.services.sales.use_code": "redeeming.sale.made",
    "redeeming.services.sales.out_of_stock": "redeeming.sale.made",
    "redeeming.services.history.bring_in": "redeeming.history.loaded",
}
# whose account it is has shown who they are at the door
# the signed pass of whoever has shown who they are
BY_TOKEN = {"redeeming.services.sales.show_code"}
BY_OTHER_WAYS = {
    "redeeming:till": "from the shop that one keeps",
    "redeeming:give_back": "from the day of a shop in which something was had",
    "redeeming:code": "from one's own points, once one has shown who one is",
    "redeeming:spent": "asked for by the page of a code",
}
STAFFED = {
    "redeeming.Keeper.account": "of_person",
}
NO_MARKS = {
    "redeeming.PaperLine.points": "what a shop's own paper says that something was sold for",
    "redeeming.Settled.paper_points": "the same of a line that somebody has noted",
    "redeeming.Settled.ledger_points": "what the ledger says of it",
}
