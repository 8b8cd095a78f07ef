"""A barber who comes each day, somebody with points behind a door, and the times of tomorrow."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from minqing.bookings import services
from minqing.bookings.enums import HoursKind
from minqing.bookings.models import Booking, Provider, Service
from minqing.bookings.queries.times import next_times
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.org.models import Area
from minqing.org.queries import system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as
from tests.cast import Cast

PHONE = "13857500001"


class World:
    """``who`` keeps the provider, the volunteer acts for it; half an hour costs 40 points, each day from 9 to 11."""

    def __init__(
        self, cast: Cast, *, points: int = 100, area: Area | None = None, who: str = "village_secretary"
    ) -> None:
        self.cast, self.area = cast, area or cast.own
        hands = [cast.account("volunteer").pk]
        self.provider: Provider = self.do(
            "open_provider", who, id=new_id(), area_id=self.area.pk, name="老李理发", serves=[], hands=hands
        )
        self.service: Service = self.do(
            "add_service", who, id=new_id(), provider=self.provider, name="上门理发", price=40, minutes=30
        )
        for weekday in range(7):
            self.do("add_hours", who, id=new_id(), provider=self.provider, kind=HoursKind.WEEKLY,
                    weekday=weekday, begins=time(9), ends=time(11))  # fmt: skip
        self.home, self.one, self.payer = self.somebody("何桂香", points)

    def somebody(self, name: str, points: int = 100) -> tuple[Household, Resident, int]:
        """One more household with points."""
        home = self.cast.household(self.area)
        one = self.cast.resident(home, name, phone=PHONE)
        with self.cast.everything() as by:
            payer = open_account(kind=AccountKind.RESIDENT, area=self.area.pk, resident=one.pk, by=by).pk
            if points:
                issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
                posting = Posting(issuance, payer, points, Code.AWARD)
                post_transfers(caller="tests", key=str(new_id()), postings=[posting], by=by).checked()
        return home, one, payer

    def actor(self, who: str) -> Actor:
        if who == "resident":
            return Actor(id=None, kind="resident", name="", household=self.home.pk)
        return system_actor("bookings.test") if who == "system" else self.cast.actor(who)

    def do(self, verb: str, who: str = "cadre", **given: Any) -> Any:
        with acting_as(by := self.actor(who)):
            return getattr(services, verb)(**given, by=by)

    def times(self, most: int = 60) -> list[datetime]:
        return next_times(self.service, clock.now(), most=most)

    def tomorrow(self) -> datetime:
        """The first time of a day to come, before which it may still be cancelled."""
        return next(one for one in self.times() if one > clock.now() + timedelta(hours=25))

    def book(self, who: str = "cadre", **given: Any) -> Booking:
        defaults = {"id": new_id(), "what": self.service, "household": self.home.pk, "resident": self.one.pk}
        made: Booking = self.do("book", who, **defaults | {"begins_at": self.tomorrow()} | given)
        return made

    def past(self, booking: Booking, ago: timedelta = timedelta(hours=1)) -> Booking:
        """As if it had begun so long ago."""
        with self.cast.everything():
            rows = Booking.objects.filter(pk=booking.pk)
            back = booking.begins_at - clock.now() + ago
            rows.update(begins_at=F("begins_at") - back, ends_at=F("ends_at") - back, free_until=F("free_until") - back)
            return rows.get()

    def left(self, payer: int | None = None) -> tuple[int, int]:
        """Free and held in a purse."""
        with self.cast.everything():
            found = balance_of(payer or self.payer)
            return found.available, found.held

    def earned(self) -> int:
        with self.cast.everything():
            return balance_of(self.provider.account_id).posted

    def now(self, booking: Booking | UUID) -> Booking:
        with self.cast.everything():
            return Booking.objects.get(pk=getattr(booking, "pk", booking))
