"""Shops of the made-up county: one in each village, where people have had as much as was redeemed in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import DAY, HOUR, Chunk, DemoPart, House, Purse, Town
from minqing.org.queries import account_at_work, actor_of, area_id_of, posts_in_force
from minqing.points.demo import days_of_points
from minqing.points.queries import issued_and_redeemed
from minqing.points.services.history import posted_at
from minqing.privacy.access import acting_as
from minqing.redeeming import services
from minqing.redeeming.enums import ItemKind, Reason
from minqing.redeeming.models import Item, Shop
from minqing.redeeming.services.history import PastSale, load_past_sales

# name, kind, price, a month at most
GOODS: Final = (
    ("矿泉水", ItemKind.GOOD, 15, None),
    ("洗洁精", ItemKind.GOOD, 30, 2),
    ("抽纸", ItemKind.GOOD, 25, None),
    ("理发", ItemKind.SERVICE, 40, 1),
)
# one of so many who take part has just had something, and at least so many
ONE_IN, BUYERS = 40, 18


def secretary_of(house: House) -> Actor | None:
    account, posts = account_at_work(house.secretary.id), posts_in_force(house.secretary.id)
    return actor_of(account, posts[0]) if account and posts else None


class Shops(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random = town.random("redeeming")
        self.shops: dict[str, tuple[Shop, list[Item]]] = {}
        self.days, self.owed = days_of_points(town), 0

    def go_on(self, chunk: Chunk) -> None:
        some = chunk.share(max(BUYERS, self.town.size.members // ONE_IN))
        buyers = {one.account for one in self.random.sample(chunk.purses, min(some, len(chunk.purses)))}
        for purse in chunk.purses:
            house = purse.house
            new = house.village.code not in self.shops
            by = secretary_of(house) if new or purse.account in buyers else None
            if by is None:
                continue
            with acting_as(by):
                if new:
                    self.shops[house.village.code] = self.opened(house, by)
                if purse.account in buyers:
                    self.buy(purse, by)
        for number, day in enumerate(self.days, 1):
            chunk.past.append((day, partial(self.exchange, chunk, day + 5 * HOUR, number)))

    def exchange(self, chunk: Chunk, day: datetime, number: int) -> None:
        """The day on which people come to the shop: so many points are redeemed as there were to be until then."""
        _issued, redeemed = issued_and_redeemed(one.account for one in chunk.purses)
        rest = chunk.share(self.town.size.redeemed) * number // len(self.days) - redeemed + self.owed
        had = list(self.had(chunk.purses, rest))
        with posted_at(day):
            load_past_sales(had, by=chunk.by, at=day)
        if number == len(self.days):
            self.owed = rest - sum(one.item.price * one.count for one in had)

    def had(self, purses: Sequence[Purse], rest: int) -> Iterator[PastSale]:
        for purse in self.random.sample(purses, len(purses)):
            shop, items = self.shops.get(purse.house.village.code, (None, []))
            affordable = [one for one in items if one.price <= min(purse.left, rest)]
            if shop is None or not affordable:
                continue
            item = self.random.choice(affordable)
            count = min(self.random.choice((1, 1, 2)), item.monthly_limit or 2, min(purse.left, rest) // item.price)
            rest -= item.price * count
            purse.left -= item.price * count
            yield PastSale(shop, item, purse.account, count, purse.house.secretary.ref)

    def opened(self, house: House, by: Actor) -> tuple[Shop, list[Item]]:
        """The secretary keeps it: with everything in it that there is."""
        at = (self.days or [self.town.now])[0] - DAY
        area_id = area_id_of(house.village.code) or house.area_id
        items = [
            services.add_item(
                id=new_id(), area_id=area_id, kind=kind, name=name, price=price, monthly_limit=limit, by=by, at=at
            )
            for name, kind, price, limit in GOODS
        ]
        name = f"{house.village.name}积分超市"
        shop = services.open_shop(id=new_id(), area_id=area_id, name=name, keepers=[house.secretary.id], by=by, at=at)
        for item in items:
            services.stock_shop(id=new_id(), shop=shop, item=item, count=self.random.randrange(20, 60), by=by, at=at)
        return shop, items

    def buy(self, purse: Purse, by: Actor) -> None:
        """Some of those with points come to the shop; every third thing comes back."""
        shop, items = self.shops[purse.house.village.code]
        affordable = [one for one in items if one.price <= purse.left]
        if not affordable:
            return
        code, _until = services.show_code(payer=purse.account, by=by)
        item = self.random.choice(affordable)
        purse.left -= item.price
        sale = services.sell(id=new_id(), shop=shop, code=code, wanted={item.pk: 1}, by=by)
        if self.random.random() < 0.2:
            services.give_back(line=sale.lines.get(), reason=Reason.BROKEN, by=by)
