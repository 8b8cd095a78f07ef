"""A small shop: water in it, somebody with points, a code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from minqing.core.ids import new_id
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as
from minqing.redeeming import services
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.models import Item, Sale, Shop, Stock
from tests.cast import Cast


class Small:
    """The village secretary keeps a shop with ``count`` waters for 15 points; somebody has ``points``."""

    def __init__(self, cast: Cast, *, points: int = 40, count: int = 5, monthly_limit: int | None = None) -> None:
        self.cast = cast
        self.water = self.do(
            "add_item", id=new_id(), area_id=cast.own.pk, kind=ItemKind.GOOD, name="矿泉水", price=15,
            monthly_limit=monthly_limit,
        )  # fmt: skip
        self.shop = self.another(count)
        self.home = cast.household()
        self.one = cast.resident(self.home, "何桂香", phone="13857500001")
        with cast.everything() as by:
            self.payer = open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=self.one.pk, by=by).pk
            issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
            posting = Posting(issuance, self.payer, points, Code.AWARD)
            post_transfers(caller="tests", key=str(new_id()), postings=[posting], by=by).checked()

    def do(self, service: str, who: str = "village_secretary", **given: Any) -> Any:
        with acting_as(by := self.cast.actor(who)):
            return getattr(services, service)(**given, by=by)

    def another(self, count: int = 5, item: Item | None = None) -> Shop:
        keepers = [self.cast.account("village_secretary").pk]
        shop: Shop = self.do("open_shop", id=new_id(), area_id=self.cast.own.pk, name="村口超市", keepers=keepers)
        if count:
            self.do("stock_shop", id=new_id(), shop=shop, item=item or self.water, count=count)
        return shop

    def code(self) -> str:
        return str(self.do("show_code", payer=self.payer)[0])

    def sell(self, code: str = "", count: int = 1, **given: Any) -> Sale:
        wanted: dict[UUID, int] = {self.water.pk: count}
        defaults = {"id": new_id(), "shop": self.shop, "code": code or self.code(), "wanted": wanted}
        sale: Sale = self.do("sell", **defaults | given)
        return sale

    def left(self) -> tuple[int, int]:
        """In the shop, and in the purse."""
        with self.cast.everything():
            return Stock.objects.get(shop=self.shop).count, balance_of(self.payer).available
