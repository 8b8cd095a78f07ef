"""Claims of the made-up county: some wait, some are thanked, a few refused, one taken back as a mistake.

Before that the villages gave points by lists once a month, as many as there were issued in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.models import Claim, FunctionVersion
from minqing.earning.queries import TICKETS, claimable_versions, visible_claims
from minqing.earning.services.history import PastThanks, load_past_thanks
from minqing.households.demo import DAY, Chunk, DemoPart, House, Purse, Town
from minqing.org.queries import account_at_work, actor_of, posts_in_force
from minqing.points.demo import days_of_points
from minqing.points.queries import issued_and_redeemed
from minqing.points.services.history import posted_at
from minqing.privacy.access import acting_as

# one claim for so many who take part, and at least one of each story
ONE_IN: Final = 40
# what is on lists each month, the usual more often; its limits are never reached that way
LISTED: Final = (
    *("yard_clean", "waste_sorted", "road_swept", "river_clean", "night_watch", "volunteer_hour", "forest_guard"),
    *("elders_honoured", "elders_honoured", "harvest_helped", "harvest_helped", "children_taught", "hazard_seen"),
    *("tree_planted", "pesticide_packs", "reading_led", "sitting_spoke", "elders_honoured"),
    *("skill_shared", "skill_shared", "snow_cleared", "work_watched", "work_watched", "peace_made", "custom_taught"),
    *("goods_promoted", "pages_taught", "fraud_stopped", "simple_feast"),
)
# so often a month at most somebody stands on a list
OFTEN: Final = 5
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


class Claims(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.stories = town.random("earning"), cycle(STORIES)
        self.days, self.owed = days_of_points(town), 0
        self.versions = {one.function_id: one for one in claimable_versions()}
        working.cache_clear()

    def go_on(self, chunk: Chunk) -> None:
        total = max(len(STORIES), self.town.size.members // ONE_IN)
        for purse in self.random.sample(chunk.purses, min(len(chunk.purses), chunk.share(total))):
            self.tell(next(self.stories), purse.house)
        for number, day in enumerate(self.days, 1):
            chunk.past.append((day, partial(self.thank, chunk, day, number)))

    def thank(self, chunk: Chunk, day: datetime, number: int) -> None:
        """By the list of that day: as many points as there are still to be issued until then."""
        issued, _redeemed = issued_and_redeemed(one.account for one in chunk.purses)
        whole = chunk.share(self.town.size.issued)
        rest = whole * number // len(self.days) - issued + self.owed
        given = list(self.listed(chunk.purses, day, rest))
        with posted_at(day):
            load_past_thanks(given, by=chunk.by, at=day)
        if number == len(self.days):
            self.owed = rest - sum(one.version.points for one in given)

    def listed(self, purses: Sequence[Purse], day: datetime, rest: int) -> Iterator[PastThanks]:
        there, seen = self.random.sample(purses, len(purses)), set()
        for purse in there * OFTEN:
            version = self.versions[self.random.choice(LISTED)]
            if version.points > rest:
                version = self.versions["waste_sorted"]
            who = (purse.account, version.function_id)
            if version.points > rest or who in seen:
                continue
            seen.add(who)
            rest -= version.points
            purse.left += version.points
            yield past_thanks(purse, version, day - self.random.randrange(1, 28) * DAY)

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
        return [reverse("earning:follow", args=[TICKETS.ticket_of(one.pk)]) for one in visible_claims(by)[:1]]


def past_thanks(purse: Purse, version: FunctionVersion, day: datetime) -> PastThanks:
    """The cadre wrote it down, and the secretary confirmed it, or the clerk where that is one person."""
    house = purse.house
    return PastThanks(
        version=version,
        account=purse.account,
        area_id=house.area_id,
        household_id=house.id,
        resident_id=house.resident_ids[0],
        name=house.home.people[0].name,
        happened_on=clock.local_date(day),
        taken_by=house.cadre.id,
        decided_by=(house.secretary if house.secretary.id != house.cadre.id else house.clerk).id,
    )
