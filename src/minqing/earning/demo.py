"""Claims of the made-up county: some wait, some are thanked, a few refused, one taken back as a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.codes import ticket_of
from minqing.earning.models import Claim
from minqing.earning.queries import visible_claims
from minqing.households.demo import Chunk, House, Part, Town
from minqing.org.queries import account_at_work, actor_of, posts_in_force
from minqing.privacy.access import acting_as

# one claim for so many households, and at least one of each story
ONE_IN: Final = 25
Step = tuple[str, Callable[..., Claim], Mapping[str, Any]]
YES: Final[Step] = ("secretary", services.confirm_claim, {})
YES_TOO: Final[Step] = ("clerk", services.confirm_claim, {})
NO: Final[Step] = ("secretary", services.refuse_claim, {"reasons": "当天值班表上没有您的名字，请核对日期后重新申报。"})
WRONG: Final[Step] = ("clerk", services.correct_claim, {"reasons": "同一次活动登记了两遍，这一笔发重了。"})


@dataclass(frozen=True)
class Story:
    """What was done ``days`` ago, on paper by the cadre, and what has become of it."""

    code: str
    days: int
    words: str
    steps: tuple[Step, ...] = ()
    witness: str = ""
    place: str = ""


STORIES: Final = (
    Story("elders_honoured", 1, "给隔壁独居的老人送了三天饭", witness="村妇联主席"),
    Story("night_watch", 9, "跟巡逻队巡了一晚", (YES,), witness="巡逻队长"),
    Story("fraud_stopped", 2, "劝住邻居没有转账", witness="信用社柜员"),
    Story("river_clean", 12, "清了桥下到水坝一段", (YES,), place="桥头到水坝"),
    Story("forest_guard", 6, "在山口守了一天", (NO,), place="山口卡点"),
    Story("volunteer_hour", 15, "元宵活动维持秩序", (YES, WRONG), witness="文书"),
    Story("blood_given", 20, "在镇卫生院献血", (YES_TOO,)),
    Story("simple_feast", 25, "孩子婚礼只办了十桌", (YES,), witness="红白理事会"),
    Story("road_swept", 3, "扫了村口到祠堂的路", (YES,), place="村口"),
)


@cache
def working(account_id: UUID) -> Actor | None:
    """Somebody in the first of their posts."""
    account, posts = account_at_work(account_id), posts_in_force(account_id)
    return actor_of(account, posts[0]) if account and posts else None


class Claims(Part):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.stories = town.random("earning"), cycle(STORIES)
        working.cache_clear()

    def go_on(self, chunk: Chunk) -> None:
        total = max(len(STORIES), self.town.size.households // ONE_IN)
        for house in self.random.sample(chunk.houses, min(len(chunk.houses), chunk.share(total))):
            self.tell(next(self.stories), house)

    def tell(self, story: Story, house: House) -> None:
        people = {
            "cadre": working(house.cadre.id),
            "secretary": working(house.secretary.id),
            "clerk": working(house.clerk.id),
        }
        cadre, at = people["cadre"], self.town.now - timedelta(days=story.days)
        if cadre is None:
            return
        with acting_as(cadre):
            row = services.send_claim(
                id=new_id(),
                code=story.code,
                area_id=house.area_id,
                household_id=house.id,
                resident_id=house.resident_ids[0],
                name=house.home.people[0].name,
                words=story.words,
                happened_on=clock.local_date(at),
                witness=story.witness,
                place=story.place,
                by=cadre,
                at=at,
            )
        for who, service, values in story.steps:
            at += (self.town.now - at) / (2 + len(story.steps))
            by = people[who]
            # where one person has both posts nobody confirms what they took in
            if by is None or by.id == cadre.id:
                return
            more = {"resident_id": house.resident_ids[0]} if service is services.confirm_claim else {}
            with acting_as(by):
                row = service(claim=row, by=by, at=at, **values, **more)

    @classmethod
    def addresses(cls, *, by: Actor) -> list[str]:
        """The private link of one claim."""
        return [reverse("earning:follow", args=[ticket_of(one.pk)]) for one in visible_claims(by)[:1]]
