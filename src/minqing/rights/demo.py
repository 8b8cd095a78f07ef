"""Requests of the made-up county: a few of each kind, at every point of their way, some of them late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import Chunk, DemoPart, House, Town
from minqing.org.queries import account_at_work, actor_of, posts_in_force
from minqing.privacy.access import acting_as
from minqing.rights import services
from minqing.rights.enums import Proof, ProofPlace, RequestKind
from minqing.rights.models import Request
from minqing.rights.queries import TICKETS, visible_requests

# one request for so many households, and at least one of each story
ONE_IN: Final = 250
CARD: Final[Mapping[str, object]] = {"proof": Proof.IDENTITY_CARD}
YES: Final[Mapping[str, object]] = {"grant": True, "reasons": "身份属实，依法办理。"}
Step = tuple[str, Callable[..., Request], Mapping[str, Any]]
CHECKED: Final[Step] = ("cadre", services.check_identity, CARD)
GRANTED: Final[Step] = ("clerk", services.decide_request, YES)
CARRIED_OUT: Final[Step] = ("clerk", services.carry_out_request, {})
ANSWERED: Final[Step] = ("clerk", services.answer_request, {})


@dataclass(frozen=True)
class Story:
    """What was asked ``days`` ago, behind a door's code where nobody ``took`` it in, and what has become of it."""

    kind: RequestKind
    days: int
    words: str
    steps: Sequence[Step] = ()
    took: str = ""
    place: ProofPlace = ProofPlace.OFFICE
    values: Mapping[str, str] = field(default_factory=dict)


STORIES: Final = (
    Story(RequestKind.COPY, 2, "想看看你们记了我家哪些信息", place=ProofPlace.HOME),
    Story(RequestKind.CORRECT, 5, "出生日期登记错了", (CHECKED,), "cadre", values={"born_on": "1962-03-08"}),
    Story(RequestKind.DELETE, 9, "已经搬到城里住了，请删掉", (CHECKED, GRANTED), "cadre"),
    Story(RequestKind.EXPLAIN, 30, "走访记录是做什么用的", (CHECKED, GRANTED, CARRIED_OUT, ANSWERED), "cadre"),
    Story(RequestKind.OBJECT, 40, "不要再给我打电话", (CHECKED,), place=ProofPlace.HOME),
    Story(RequestKind.COPY, 17, "要一份纸质的", (CHECKED, GRANTED, CARRIED_OUT), "clerk", ProofPlace.HOME),
    Story(
        RequestKind.WITHDRAW,
        12,
        "以前同意过的，现在不同意了",
        (("clerk", services.reject_identity, {"reasons": "没有出示身份证件，请带证件来再办。"}),),
        "cadre",
    ),
    Story(RequestKind.COPY, 70, "要一份复印件", (CHECKED, GRANTED, CARRIED_OUT, ANSWERED), "cadre"),
)


@cache
def working(account_id: UUID) -> Actor | None:
    """Somebody in the first of their posts."""
    account, posts = account_at_work(account_id), posts_in_force(account_id)
    return actor_of(account, posts[0]) if account and posts else None


class Requests(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.stories = town.random("rights"), cycle(STORIES)
        working.cache_clear()

    def go_on(self, chunk: Chunk) -> None:
        total = max(len(STORIES), self.town.size.households // ONE_IN)
        for house in self.random.sample(chunk.houses, min(len(chunk.houses), chunk.share(total))):
            self.tell(next(self.stories), house)

    def tell(self, story: Story, house: House) -> None:
        people = {"cadre": working(house.cadre.id), "clerk": working(house.clerk.id)}
        at = self.town.now - timedelta(days=story.days)
        row = ask(story, house, people.get(story.took), at)
        for who, service, values in story.steps:
            at += (self.town.now - at) / (2 + len(story.steps))
            by = people[who]
            if by is None:
                return
            more = {"resident_id": house.resident_ids[0]} if service is services.check_identity else {}
            with acting_as(by):
                row = service(request=row, by=by, at=at, **values, **more)

    @classmethod
    def addresses(cls, *, by: Actor) -> list[str]:
        """The private link of one request."""
        return [reverse("rights:follow", args=[TICKETS.ticket_of(one.pk)]) for one in visible_requests(by)[:1]]


def ask(story: Story, house: House, taken_by: Actor | None, at: datetime) -> Request:
    by = taken_by or Actor(id=None, kind="resident", name="", household=house.id)
    with acting_as(by):
        return services.ask_request(
            id=new_id(),
            kind=story.kind,
            area_id=house.area_id,
            household_id=house.id,
            resident_id=house.resident_ids[0] if taken_by else None,
            name=house.home.people[0].name,
            words=story.words,
            values=story.values,
            prove_at=story.place,
            by=by,
            at=at,
        )
