"""Hazards of the made-up county: some at every point of their way, a few of them late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from PIL import Image, ImageDraw

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.hazards import services
from minqing.hazards.enums import Charge, Severity
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.queries.checklists import current_checklists
from minqing.households.demo import Chunk, DemoPart, House, Town
from minqing.org.queries import account_at_work, actor_of, posts_in_force
from minqing.privacy.access import acting_as

# one hazard for so many households, and at least one of each story
ONE_IN: Final = 400
Step = tuple[str, Callable[..., Hazard], Mapping[str, Any]]


def confirmed(severity: Severity, charge: Charge = Charge.OWNER) -> Step:
    return "clerk", services.confirm_hazard, {"severity": severity, "charge": charge}


def back(words: str) -> Step:
    return "clerk", services.send_back_hazard, {"reasons": words}


CLOSED: Final[Step] = ("clerk", services.close_hazard, {})
RAISED: Final[Step] = ("clerk", services.raise_hazard, {})
NONE: Final[Step] = ("clerk", services.dismiss_hazard, {"reasons": "到现场看过，线路是新换的，没有问题。"})
RIGHT: Final = "right"


@dataclass(frozen=True)
class Story:
    """What was found ``days`` ago by a checklist, at a household or at a ``place``, and what has become of it."""

    days: int
    checklist: str
    items: Sequence[str]
    words: str = ""
    place: str = ""
    righted: str = ""
    steps: Sequence[Step | str] = ()


STORIES: Final = (
    Story(1, "electricity", ["charging"], "电瓶车推进堂屋充电，边上堆着柴。"),
    Story(5, "electricity", ["wires", "sockets"], "灶间的电线皮都裂了。", steps=(confirmed(Severity.SERIOUS),)),
    Story(2, "gas", ["alarm"], righted="当场装上了村里发的报警器。"),
    Story(14, "gas", ["hose"], "软管用了七八年。", righted="换了金属软管，试过不漏。", steps=(CLOSED,)),
    Story(9, "water", ["pond"], place="村口水塘", steps=(confirmed(Severity.SERIOUS, Charge.VILLAGE), RIGHT)),
    Story(30, "road", ["rail"], place="后山弯道", steps=(confirmed(Severity.MAJOR, Charge.TOWNSHIP), RAISED)),
    Story(20, "alone", ["floor"], "老人起夜摔过一次。",
          steps=(confirmed(Severity.ORDINARY), RIGHT, back("夜灯还没装，请装好再报。"))),
    Story(12, "electricity", ["breaker"], steps=(NONE,)),
    Story(40, "workshop", ["extinguisher"], "香榧加工点，灭火器压力不够。",
          steps=(confirmed(Severity.SERIOUS), RIGHT, CLOSED)),
    Story(6, "geology", ["ditch"], place="屋后排水沟"),
)  # fmt: skip


@cache
def drawn() -> bytes:
    """A wall with a new socket and its cable in a duct, as a JPEG."""
    image = Image.new("RGB", (640, 480), "#d9d4c4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, 640, 480), fill="#8d8168")
    draw.rectangle((300, 0, 330, 220), fill="#f4f4f0", outline="#b8b4a6", width=3)
    draw.rounded_rectangle((250, 220, 380, 330), 12, fill="#fbfbf8", outline="#a7a396", width=4)
    for x in (285, 330):
        draw.rectangle((x, 255, x + 10, 295), fill="#3b3b3b")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def picture(by: Actor, at: datetime) -> UUID:
    return store_picture(id=new_id(), upload=BytesIO(drawn()), name="photo.jpg", by=by, at=at).id


@cache
def working(account_id: UUID) -> Actor | None:
    """Somebody in the first of their posts."""
    account, posts = account_at_work(account_id), posts_in_force(account_id)
    return actor_of(account, posts[0]) if account and posts else None


class Hazards(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random, self.stories = town.random("hazards"), cycle(STORIES)
        self.lists: dict[str, ChecklistVersion] = {}
        working.cache_clear()

    def go_on(self, chunk: Chunk) -> None:
        self.lists = self.lists or {one.code: one for one in current_checklists()}
        total = max(len(STORIES), self.town.size.households // ONE_IN)
        for house in self.random.sample(chunk.houses, min(len(chunk.houses), chunk.share(total))):
            self.tell(next(self.stories), house)

    def tell(self, story: Story, house: House) -> None:
        people = {"cadre": working(house.cadre.id), "clerk": working(house.clerk.id)}
        cadre, clerk = people["cadre"], people["clerk"]
        if cadre is None or clerk is None:
            return
        at = self.town.now - timedelta(days=story.days)
        with acting_as(cadre):
            row = services.find_hazard(
                id=new_id(), area_id=house.area_id, household_id=None if story.place else house.id, place=story.place,
                version_id=self.lists[story.checklist].pk, items=story.items, words=story.words,
                picture_ids=[picture(cadre, at)] if story.place else [], righted=story.righted,
                righted_picture_ids=[picture(cadre, at)] if story.righted else [], by=cadre, at=at,
            )  # fmt: skip
        for step in story.steps:
            at += (self.town.now - at) / (2 + len(story.steps))
            if isinstance(step, str):
                with acting_as(cadre):
                    row = services.put_right_hazard(
                        id=new_id(),
                        hazard=row,
                        words="已经弄好，拍了照片。",
                        picture_ids=[picture(cadre, at)],
                        by=cadre,
                        at=at,
                    )
                continue
            who, service, values = step
            by = cadre if who == "cadre" else clerk
            with acting_as(by):
                row = service(hazard=row, by=by, at=at, **values)
