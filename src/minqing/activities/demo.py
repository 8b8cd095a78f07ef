"""Activities of the made-up county: some to come, some waiting for their list, most thanked, one cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Final

from minqing.activities import services
from minqing.activities.models import Activity, SignUp
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import DAY, HOUR, Chunk, DemoPart, House, Town
from minqing.org.queries import account_at_work, actor_of, area_id_of, posts_in_force
from minqing.privacy.access import acting_as

# how far it got: a draft, published, going on now, ended, confirmed by one, thanked; or cancelled
DRAFT, OPEN, GOING_ON, ENDED, SETTLED, THANKED, CANCELLED = range(7)


@dataclass(frozen=True)
class Story:
    """Something that began ``days`` ago (to come where less than nothing) at ``hour``, and how far it got."""

    code: str
    title: str
    place: str
    words: str
    days: int
    hour: int
    far: int
    people: int
    capacity: int | None = None


STORIES: Final = (
    Story("river_clean", "清理溪边垃圾", "桥头集合", "请带手套和胶鞋，夹子村里准备。", 9, 8, THANKED, 14),
    Story("culture_night", "村晚排练", "文化礼堂", "会唱会跳的都来，孩子也欢迎。", -3, 19, OPEN, 12, 10),
    Story("course_taken", "香榧嫁接培训", "榧林示范点", "请镇农技站的老师来教，带上剪刀。", -6, 9, OPEN, 6, 30),
    Story("tree_planted", "植树护绿", "后山水口", "每户出一人，树苗已到。", 1, 8, ENDED, 9),
    Story("volunteer_hour", "敬老院帮厨", "镇敬老院", "早上七点半村口坐车。", 2, 8, SETTLED, 14, 20),
    Story("culture_night", "文化礼堂包饺子", "文化礼堂", "面和馅村里备好，人来就行。", 0, 0, GOING_ON, 10, 24),
    Story("road_swept", "村道大扫除", "村口到祠堂", "扫完一起吃点心。", 20, 7, THANKED, 18),
    Story("sitting_attended", "民情议事会：停车位怎么划", "村会议室", "有车没车都请来说说。", 34, 19, THANKED, 16),
    Story("goods_promoted", "香榧展销帮忙", "县城广场", "大风预警，展销会改期。", 5, 8, CANCELLED, 4),
    Story("harvest_helped", "帮缺劳力的人家采榧", "各家榧林", "由小组长分组，注意安全。", -12, 7, DRAFT, 0, 15),
    Story("culture_night", "露天电影", "晒谷场", "自带板凳。", 48, 19, THANKED, 22),
)
WHY: Final = "大风预警，活动取消，改期另行通知。"


class Activities(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.stories = town.random("activities"), cycle(STORIES)

    def go_on(self, chunk: Chunk) -> None:
        villages: dict[str, list[House]] = {}
        for purse in chunk.purses:
            villages.setdefault(purse.house.village.code, []).append(purse.house)
        for at in range(chunk.share(self.town.size.activities) if villages else 0):
            houses = list(villages.values())[at % len(villages)]
            self.tell(next(self.stories), houses)

    def tell(self, story: Story, houses: Sequence[House]) -> None:
        staff = {
            "cadre": working(houses[0].cadre.id),
            "secretary": working(houses[0].secretary.id),
            "clerk": working(houses[0].clerk.id),
        }
        by = staff["secretary"]
        area = area_id_of(houses[0].village.code)
        if by is None or area is None:
            return
        midnight = self.town.now.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        starts = midnight - story.days * DAY + story.hour * HOUR
        starts = self.town.now - HOUR if story.far == GOING_ON else starts
        written = min(starts, self.town.now) - 6 * DAY
        with acting_as(by):
            row = services.write_activity(
                id=new_id(),
                area_id=area,
                title=story.title,
                place=story.place,
                words=story.words,
                starts_at=starts,
                ends_at=starts + 3 * HOUR,
                sign_up_until=starts - HOUR,
                function=story.code,
                capacity=story.capacity,
                by=by,
                at=written,
            )
            if story.far == DRAFT:
                return
            services.publish_activity(activity=row, by=by, at=written + HOUR)
        signed = self.signed(row, houses, by, story, written)
        self.went_on(row, signed, staff, story, starts)

    def signed(
        self, row: Activity, houses: Sequence[House], by: Actor, story: Story, written: datetime
    ) -> list[SignUp]:
        """Most at their own door, each third by the secretary."""
        some = self.random.sample(list(houses), min(len(houses), story.people))
        signed = []
        for number, house in enumerate(some):
            door = Actor(id=None, kind="resident", name="", household=house.id)
            who = by if number % 3 == 2 else door
            with acting_as(who):
                one = services.sign_up(
                    id=new_id(),
                    activity=row,
                    resident_id=house.resident_ids[0],
                    by=who,
                    at=written + 2 * HOUR + number * timedelta(minutes=7),
                )
            signed.append(one)
        return signed

    def went_on(
        self, row: Activity, signed: Sequence[SignUp], staff: dict[str, Any], story: Story, starts: datetime
    ) -> None:
        by, second = staff["secretary"], staff["clerk"]
        with acting_as(by):
            if story.far == CANCELLED:
                services.cancel_activity(activity=row, reasons=WHY, by=by, at=starts - DAY)
            if story.far not in {GOING_ON, ENDED, SETTLED, THANKED}:
                return
            # one or two of them had something else to do
            for one in signed[: max(1, len(signed) - 2)]:
                services.check_in(sign_up=one, by=by, at=starts)
            if story.far == GOING_ON:
                return
            services.end_activity(activity=row, by=by, at=starts + 3 * HOUR)
            if story.far == ENDED:
                return
            row = services.confirm_attendance(activity=row, by=by, at=starts + 4 * HOUR)
        if story.far == THANKED and row.state == "settled" and second is not None and second.id != by.id:
            with acting_as(second):
                services.confirm_attendance(activity=row, by=second, at=starts + 5 * HOUR)


def working(account_id: Any) -> Actor | None:
    """Somebody in the first of their posts."""
    account, posts = account_at_work(account_id), posts_in_force(account_id)
    return actor_of(account, posts[0]) if account and posts else None
