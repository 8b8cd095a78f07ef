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
from minqing.households.demo import Chunk, DemoPart, House, Occasion, Times, Town
from minqing.org.queries import system_actor
from minqing.visits.enums import Met
from minqing.visits.services import rebuild_visit_days
from minqing.visits.services.history import PastCare, PastVisit, load_care, load_past_visits

DAY = timedelta(days=1)
EVERY = (30, 60, 90, 90)
# what needs nobody else; what does stands in the diary as its matter tells it
SAID = (
    "老人身体还好，血压药按时吃，儿子在省城上班，过年回来。",
    "今年香榧挂果不错，担心采摘季雨水多，问村里能不能统一安排烘干，已告诉烘干点排期。",
    "茶叶卖得比去年慢，已把电商培训的时间抄给她。",
    "孙子上一年级了，每天爷爷接送，成绩单贴在墙上。",
    "没有困难，感谢上门，留我喝了一杯茶。",
    "腰疼好些了，能下地走走，提醒下雨天别出门。",
    "两口子在外打工，家里只有奶奶和孩子，留了村里的电话。",
    "新房上梁，忙得很，站在门口说了几句。",
    "问起低保怎么评，已逐条讲清，材料不齐，帮着列了一张单子。",
    "讲了用火用电，看了灶间和插座，都收拾得整齐。",
    "讲了防骗，没有接到过可疑电话，手机上装了提醒。",
    "儿子回来办婚事，请书记去吃喜酒。",
    "笋干晒了两席，说今年价钱还可以。",
    "老伴走了半年，话少，坐着听他讲了一会儿从前的事。",
    "菜地里忙，站在田埂上说的，问秋天修渠什么时候开工，已告知下月。",
    "医保缴费刚交好，把回执给我看了。",
    "养了二十只鸡，说下蛋多了送到集市卖。",
    "女儿考上大学，问助学金，已把申请表送来。",
    "退伍军人优待证办下来了，很高兴。",
    "家里来了外孙，热闹，提醒水塘边看好孩子。",
    "说村里文化礼堂放电影好，盼着每月有一场。",
    "刚从医院复查回来，指标正常，帮着把药盒按天分好。",
    "想把老屋租给城里人，已讲明要签合同、要登记。",
    "说去年提的路灯亮了，走夜路不怕了。",
)
LOOKED_AT = (
    "老线路裸露，插座发烫",
    "灶台旁堆放柴草",
    "煤气软管老化",
    "土墙有裂缝，雨后要再看",
    "屋后边坡有碎石滑落",
    "门前水塘没有护栏",
    "接到可疑电话，已讲解防骗",
)


class Visits(DemoPart):
    """So many visits over the households, each about as often as the others."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.days = town.random("past"), town.size.days
        self.times = Times(self.random, now=town.now, calendar=town.calendar, days=self.days)
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
        if met is Met.AT_HOME and random.random() < 0.1:
            said += f" {random.choice(LOOKED_AT)}。"
        people = () if met is Met.NOBODY else house.resident_ids[: random.choice((1, 1, 2))]
        longitude, latitude = house.grid.inside(random)
        return PastVisit(
            id=new_id(),
            household_id=house.id,
            area_id=house.area_id,
            account_id=house.cadre.id,
            visited_at=self.times.on_a_round(self.times.day(least=1)),
            met=met,
            text=said,
            met_resident_ids=people,
            point=Point(latitude, longitude, accuracy=12.0) if met is Met.AT_HOME else None,
        )

    def store(self, chunk: Chunk) -> None:
        visits = [with_occasion(visit, occasion) for visit, occasion in self.made]
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


def with_occasion(visit: PastVisit, occasion: Occasion) -> PastVisit:
    """A matter that was told on a visit stands in its diary."""
    if occasion.at is None:
        return visit
    text = f"{occasion.said} {visit.text}".strip()
    return replace(visit, visited_at=occasion.at, matter_id=occasion.matter_id, text=text)
