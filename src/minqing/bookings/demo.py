"""Services of the made-up county: a barber, a repair team, the clinic's people, with bookings in all states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from itertools import cycle
from typing import Any, Final

from minqing.bookings import services
from minqing.bookings.enums import HoursKind
from minqing.bookings.models import Booking, Provider, Service
from minqing.bookings.queries.times import next_times
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import Chunk, DemoPart, House, Town
from minqing.org.enums import Role
from minqing.org.queries import account_at_work, accounts_over, actor_of, area_by_code, posts_in_force, system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as

POINTS: Final = 60
# name; what they do, points, minutes, where; on which weekdays
PROVIDERS: Final = (
    ("老李理发", (("上门理发", 40, 30, ""),), range(7)),
    ("家电维修队", (("上门修电器", 60, 60, ""), ("磨剪刀", 15, 15, "村文化礼堂门口")), (1, 4)),
    ("卫生院健康小队", (("血压血糖检测", 20, 20, ""), ("义诊", 10, 15, "村卫生室")), (0, 2)),
)
# days ago, or to come where less than nothing; then who says what, one after the other
Step = tuple[str, Callable[..., Booking], dict[str, Any]]
DONE: Final[Step] = ("hand", services.finish_booking, {})
YES: Final[Step] = ("secretary", services.confirm_booking, {})
STORIES: Final[tuple[tuple[int, tuple[Step, ...]], ...]] = (
    (20, (DONE, YES, ("secretary", services.rate_booking, {"satisfied": True, "words": "剪得好，还陪老人聊了会天"}))),
    (14, (DONE, YES)),
    (9, (("hand", services.say_missed, {}),)),
    (6, (("secretary", services.say_not_come, {}), ("hand", services.fail_booking, {}))),
    (1, (("hand", services.say_missed, {}),)),
    (1, (DONE,)),
    (2, (DONE, ("secretary", services.doubt_booking, {"words": "没做完就走了"}))),
    (-1, ()),
    (-2, ()),
    (-5, (("secretary", services.cancel_booking, {}),)),
    (-3, (("hand", services.call_off_booking, {"words": "师傅这几天发烧，改天再约"}),)),
)


class Services(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.stand = False

    def go_on(self, chunk: Chunk) -> None:
        """Providers in each township, in its first village with people who have a telephone."""
        known = [one.house for one in chunk.purses if one.house.home.people[0].phone]
        village = area_by_code(known[0].village.code) if known and not self.stand else None
        clerk = self.town.staff.clerk_over(known[0].area_id) if village else None
        secretary = at_work(known[0]) if village else None
        if village is None or clerk is None or secretary is None:
            return
        self.stand = True
        volunteers = accounts_over(village.pk, {Role.VOLUNTEER})
        hand = next((one for one in map(actor_for, volunteers) if one), None) or clerk
        people = {"clerk": clerk, "secretary": secretary, "hand": hand}
        near = [house for house in known if house.village.code == village.code]
        offered = [one for name in PROVIDERS for one in self.provider(name, village.pk, people)]
        stories, purses = cycle(offered), [self.purse(house, clerk) for house in near[: len(STORIES)]]
        for story, house in zip(STORIES, purses, strict=False):
            self.tell(story, house, next(stories), people)

    def provider(self, given: Any, area: int, people: dict[str, Actor]) -> list[Service]:
        name, done, weekdays = given
        by, at = people["clerk"], self.town.now - timedelta(days=60)
        with acting_as(by):
            row: Provider = services.open_provider(
                id=new_id(), area_id=area, name=name, serves=[], hands=[people["hand"].person], by=by, at=at
            )
            for weekday in weekdays:
                for begins, ends in ((time(9), time(11)), (time(14), time(16))):
                    services.add_hours(
                        id=new_id(),
                        provider=row,
                        kind=HoursKind.WEEKLY,
                        weekday=weekday,
                        begins=begins,
                        ends=ends,
                        by=by,
                        at=at,
                    )
            return [
                services.add_service(
                    id=new_id(), provider=row, name=what, price=points, minutes=minutes, place=place, by=by, at=at
                )
                for what, points, minutes, place in done
            ]

    def purse(self, house: House, by: Actor) -> House:
        with acting_as(system_actor("bookings.demo")) as system:
            account = open_account(
                kind=AccountKind.RESIDENT, area=house.area_id, resident=house.resident_ids[0], by=by
            ).pk
            issuance = house_account(kind=AccountKind.ISSUANCE, by=system).pk
            posting = Posting(issuance, account, POINTS, Code.OPENING)
            post_transfers(caller="bookings.demo", key=f"{house.id}", postings=[posting], by=system).checked()
        return house

    def tell(
        self, story: tuple[int, tuple[Step, ...]], house: House, service: Service, people: dict[str, Actor]
    ) -> None:
        days, steps = story
        day = self.town.now - timedelta(days=days)
        # booked some days before; what is to come was booked yesterday
        at = min(day - timedelta(days=3), self.town.now - timedelta(days=1))
        begins = next((one for one in next_times(service, at, most=200) if one >= day), None)
        if begins is None or (days > 0) is not (begins + timedelta(hours=1) < self.town.now):
            return
        by = people["secretary"]
        with acting_as(by):
            row = services.book(
                id=new_id(),
                what=service,
                household=house.id,
                resident=house.resident_ids[0],
                begins_at=begins,
                by=by,
                at=at,
            )
        moment = row.ends_at if days > 0 else at + timedelta(hours=2)
        for who, verb, words in steps:
            moment += timedelta(minutes=20)
            with acting_as(people[who]):
                row = verb(booking=row, by=people[who], at=moment, **words)


def at_work(house: House) -> Actor | None:
    """The village's secretary."""
    return actor_for(house.secretary.id)


def actor_for(account_id: Any) -> Actor | None:
    account, posts = account_at_work(account_id), posts_in_force(account_id)
    return actor_of(account, posts[0]) if account and posts else None
