"""Activities brought to where a test begins, by the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from minqing.activities import services
from minqing.activities.models import Activity, SignUp
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.points.enums import AccountKind
from minqing.points.queries import balance_of
from minqing.points.services import open_account
from minqing.privacy.access import acting_as
from tests.cast import Cast

HOUR = timedelta(hours=1)
# thanked with five points once a person and day; with sixty, by the township alone
FEW, MANY = "river_clean", "rescue_helped"
PHONE = "13857500001"
WHY = "当天下大雨，改日再办。"


def said(now: datetime, **values: Any) -> dict[str, Any]:
    return {
        "title": "清理溪边垃圾", "words": "带手套", "place": "桥头", "starts_at": now + 5 * HOUR,
        "ends_at": now + 7 * HOUR, "sign_up_until": now + 4 * HOUR, "function": FEW, "capacity": None,
    } | values  # fmt: skip


class Doing:
    """One activity of the village ``own`` as the cadre wrote it, and people who may come."""

    def __init__(self, cast: Cast, *, people: int = 2, publish: bool = True, **values: Any) -> None:
        self.cast, self.now = cast, clock.now()
        self.homes = [cast.household(number=f"TX-{new_id().hex[-8:].upper()}") for _one in range(people)]
        self.people = [cast.resident(home, name, phone=PHONE) for home, name in zip(self.homes, NAMES, strict=False)]
        self.row = self.written(**values)
        if publish:
            self.do("cadre", services.publish_activity)
        self.during = self.row.starts_at + HOUR

    def written(self, **values: Any) -> Activity:
        with acting_as(by := self.cast.actor("cadre")):
            return services.write_activity(id=new_id(), area_id=self.cast.own.pk, by=by, **said(self.now, **values))

    def do(self, who: str, service: Any, at: datetime | None = None, **values: Any) -> Activity:
        with acting_as(by := self.cast.actor(who)):
            self.row = service(activity=self.row, by=by, at=at, **values)
        return self.row

    def door(self, number: int = 0) -> Actor:
        return Actor(id=None, kind="resident", name="", household=self.homes[number].pk)

    def sign(self, number: int = 0, *, who: str = "", at: datetime | None = None) -> SignUp:
        by = self.cast.actor(who) if who else self.door(number)
        with acting_as(by):
            return services.sign_up(
                id=new_id(), activity=self.row, resident_id=self.people[number].pk, by=by, at=at or self.now
            )

    def withdraw(self, one: SignUp, number: int = 0) -> SignUp:
        with acting_as(by := self.door(number)):
            return services.withdraw(sign_up=one, by=by, at=self.now)

    def came(self, one: SignUp, who: str = "cadre") -> SignUp:
        with acting_as(by := self.cast.actor(who)):
            return services.check_in(sign_up=one, by=by, at=self.during)

    def over(self, *numbers: int) -> Activity:
        """These came, and it is over."""
        for number in numbers:
            self.came(self.sign(number))
        return self.do("cadre", services.end_activity, at=self.during)

    def state_of(self, one: SignUp) -> str:
        with self.cast.everything():
            return SignUp.objects.get(pk=one.pk).state

    def balance(self, number: int = 0) -> int:
        home, one = self.homes[number], self.people[number]
        with self.cast.everything() as by:
            account = open_account(kind=AccountKind.RESIDENT, area=home.area_id, resident=one.pk, by=by)
            return balance_of(account.pk).posted


NAMES = ("何桂香", "单老根", "仇小妹", "查阿土", "解秀英", "曾国强", "周满仓", "吴银花", "郑大海", "王木匠")
