"""Visits of the made-up county with their diaries, and in whose care its households are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.households.demo import Chunk, House, Occasion, Part, Town
from minqing.org.queries import system_actor
from minqing.visits.enums import Met
from minqing.visits.services import rebuild_visit_days
from minqing.visits.services.history import PastCare, PastVisit, load_care, load_past_visits

OPENS, CLOSES = 8, 17
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY = (30, 60, 90, 90)
SAID = (
    "老人身体还好，血压药按时吃，儿子在杭州上班，过年回来。",
    "今年香榧挂果不错，担心采摘季雨水多，问村里能不能统一安排烘干。",
    "家里自来水水压小，做饭时间尤其明显，希望有人来看看。",
    "孙子上小学要走四十分钟山路，盼着校车能绕到村口。",
    "房顶有两处漏雨，自己补过一次，雨季又渗水。",
    "反映村口弯道车速快，晚上没有灯，老人不敢出门散步。",
    "最近接到自称银行的电话，没有转账，已提醒不要透露验证码。",
    "和隔壁为水沟排水有过口角，双方都愿意听村里调解。",
    "医保在外地报销手续不清楚，已现场帮助打电话问清。",
    "没有困难，感谢上门，建议把垃圾桶往晒场那边挪一挪。",
    "茶叶卖得比去年慢，想知道电商培训什么时候开。",
    "楼道里停着电动车充电，已劝其搬到楼下充电棚。",
)
HAZARD_NOTES = {
    "electric": "老线路裸露，插座发烫",
    "fire": "灶台旁堆放柴草",
    "gas": "煤气软管老化",
    "building": "土墙有裂缝，雨后要再看",
    "landslide": "屋后边坡有碎石滑落",
    "water": "门前水塘没有护栏",
    "fraud": "接到可疑电话，已讲解防骗",
}


class Visits(Part):
    """So many visits over the households, each about as often as the others."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.days = town.random("past"), town.size.days
        self.midnight = town.now.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        self.made: list[tuple[PastVisit, Occasion]] = []

    def make(self, chunk: Chunk) -> None:
        rounds, rest = divmod(chunk.share(self.town.size.visits), len(chunk.houses))
        chosen = [*chunk.houses] * rounds + self.random.sample(chunk.houses, rest)
        self.made = [(self.visit(house), Occasion(house)) for house in chosen]
        chunk.occasions = [occasion for visit, occasion in self.made if visit.met is not Met.NOBODY]
        self.random.shuffle(chunk.occasions)

    def visit(self, house: House) -> PastVisit:
        random = self.random
        met = random.choices((Met.AT_HOME, Met.BY_PHONE, Met.NOBODY), (86, 6, 8))[0]
        said = "" if met is Met.NOBODY else " ".join(random.sample(SAID, random.choice((1, 1, 2))))
        hazards = {}
        if met is Met.AT_HOME and random.random() < 0.1:
            kind = random.choice(list(HAZARD_NOTES))
            hazards[kind] = HAZARD_NOTES[kind]
        people = () if met is Met.NOBODY else house.resident_ids[: random.choice((1, 1, 2))]
        longitude, latitude = house.grid.inside(random)
        return PastVisit(
            id=new_id(),
            household_id=house.id,
            area_id=house.area_id,
            account_id=house.cadre.id,
            visited_at=self.some_day(),
            met=met,
            text=said,
            met_resident_ids=people,
            hazards=hazards,
            point=Point(latitude, longitude, accuracy=12.0) if met is Met.AT_HOME else None,
        )

    def some_day(self) -> datetime:
        """A moment in office hours, from yesterday back to the first day."""
        day = self.midnight - self.random.randrange(1, self.days) * DAY
        return day + self.random.uniform(OPENS, CLOSES) * HOUR

    def store(self, chunk: Chunk) -> None:
        visits = [told(visit, occasion) for visit, occasion in self.made]
        load_past_visits(visits, by=chunk.by)
        load_care(self.care(chunk.houses, visits), by=chunk.by)

    def care(self, houses: Sequence[House], visits: Sequence[PastVisit]) -> list[PastCare]:
        """Every household in its cadre's care, due again so many days after the last time somebody was met."""
        last: dict[UUID, datetime] = {}
        for visit in visits:
            if visit.met is not Met.NOBODY:
                last[visit.household_id] = max(visit.visited_at, last.get(visit.household_id, visit.visited_at))
        since = clock.local_date(self.town.now - self.days * DAY)
        made = []
        for house in houses:
            every, seen = self.random.choice(EVERY), last.get(house.id)
            due = clock.local_date(seen) + every * DAY if seen else since
            made.append(PastCare(new_id(), house.id, house.area_id, house.cadre.id, every, since, seen, due))
        return made

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> None:
        rebuild_visit_days(by=system_actor("visits.days"), at=now)


def told(visit: PastVisit, occasion: Occasion) -> PastVisit:
    """A matter that was told on a visit stands in its diary."""
    if occasion.at is None:
        return visit
    return replace(visit, visited_at=occasion.at, matter_id=occasion.matter_id)
