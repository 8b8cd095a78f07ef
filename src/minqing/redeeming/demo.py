"""Shops of the made-up county: one in each village, with things in it, where some have had something already."""

from __future__ import annotations

from typing import Final

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import Chunk, House, Part, Town
from minqing.org.queries import account_at_work, actor_of, area_id_of, posts_in_force
from minqing.points.queries.people import purses_of
from minqing.privacy.access import acting_as
from minqing.redeeming import services
from minqing.redeeming.enums import ItemKind, Reason
from minqing.redeeming.models import Item, Shop
from minqing.redeeming.queries.shops import day_of

# name, kind, price, a month at most
GOODS: Final = (
    ("矿泉水", ItemKind.GOOD, 15, None),
    ("洗洁精", ItemKind.GOOD, 30, 2),
    ("抽纸", ItemKind.GOOD, 25, None),
    ("理发", ItemKind.SERVICE, 40, 1),
)
# so many of a village's purses have had something
BUYERS: Final = 6


def secretary_of(house: House) -> Actor | None:
    account, posts = account_at_work(house.secretary.id), posts_in_force(house.secretary.id)
    return actor_of(account, posts[0]) if account and posts else None


class Shops(Part):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random = town.random("redeeming")
        self.shops: dict[str, tuple[Shop, list[Item]]] = {}

    def go_on(self, chunk: Chunk) -> None:
        for house in chunk.houses:
            by = secretary_of(house)
            if by is None:
                continue
            with acting_as(by):
                if house.village.code not in self.shops:
                    self.shops[house.village.code] = self.opened(house, by)
                self.buy(house, by)

    def opened(self, house: House, by: Actor) -> tuple[Shop, list[Item]]:
        """The secretary keeps it: with everything in it that there is."""
        area_id = area_id_of(house.village.code) or house.area_id
        items = [
            services.add_item(
                id=new_id(), area_id=area_id, kind=kind, name=name, price=price, monthly_limit=limit, by=by
            )
            for name, kind, price, limit in GOODS
        ]
        name = f"{house.village.name}积分超市"
        shop = services.open_shop(id=new_id(), area_id=area_id, name=name, keepers=[house.secretary.id], by=by)
        for item in items:
            services.stock_shop(id=new_id(), shop=shop, item=item, count=self.random.randrange(20, 60), by=by)
        return shop, items

    def buy(self, house: House, by: Actor) -> None:
        """Some of those with points come to the shop; every third thing comes back."""
        shop, items = self.shops[house.village.code]
        for purse in purses_of(by, household=house.id)[:1]:
            affordable = [one for one in items if one.price <= purse.holding.available]
            if not affordable or len(day_of(shop, self.town.now.date()).lines) >= BUYERS:
                return
            code, _until = services.show_code(payer=purse.account, by=by)
            item = self.random.choice(affordable)
            sale = services.sell(id=new_id(), shop=shop, code=code, wanted={item.pk: 1}, by=by)
            if self.random.random() < 0.2:
                services.give_back(line=sale.lines.get(), reason=Reason.BROKEN, by=by)
