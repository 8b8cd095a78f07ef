"""Matters of the made-up county: told on visits, at doors and at the counter, handled, and some of them hard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.deadlines.services import escalate_due
from minqing.files.services import store_picture
from minqing.households.demo import Chunk, DemoPart, House, Staff, Town, Worker
from minqing.matters.demo.past import Desk, Past
from minqing.matters.demo.photos import photo_of
from minqing.matters.demo.scenarios import Scenarios
from minqing.matters.demo.words import Story
from minqing.matters.queries import categories, matter_for
from minqing.matters.services import draw_call_backs, rebuild_days
from minqing.matters.services.history import PastMatter, load_past_matters
from minqing.matters.services.steps import add_pictures
from minqing.matters.suggestion import suggest, topics_of, unit_for
from minqing.org.queries import system_actor

# days since the first deadline that was missed, and since answers that are called back
LATE, CALLED = 21, 30
# of a township
PHOTOS = 16


class Matters(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.scenarios = Scenarios(town.now, town.staff)
        found = self.scenarios.leader
        leader = Worker(found.id, found.name) if found and found.id else None
        self.past = Past(
            town.random("past"),
            now=town.now,
            calendar=town.calendar,
            days=town.size.days,
            desk=Desks(town.staff).desk,
            leader=leader,
        )
        self.made: Sequence[PastMatter] = ()
        self.photos = 0

    def make(self, chunk: Chunk) -> None:
        size = self.town.size
        self.made = self.past.of(
            chunk.houses,
            chunk.occasions,
            circulated=chunk.share(size.circulated),
            under_way=chunk.share(size.under_way),
            solved=chunk.share(size.solved),
        )

    def store(self, chunk: Chunk) -> None:
        load_past_matters(self.made, by=chunk.by)

    def go_on(self, chunk: Chunk) -> None:
        self.scenarios.give(self.made)
        self.show(chunk.by)

    def show(self, by: Actor) -> None:
        """The newest of what can be seen have a photo, the first of the township."""
        for one in sorted(self.made, key=lambda one: one.steps[0].at, reverse=True):
            if self.photos >= PHOTOS:
                return
            photo = photo_of(one.title, self.town.random("photos"))
            matter = matter_for(by, one.id) if photo else None
            if photo is None or matter is None:
                continue
            self.photos += 1
            kept = store_picture(id=new_id(), upload=photo, name="photo.jpg", by=by, at=one.steps[0].at)
            add_pictures(matter, [kept.id])

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> None:
        """Late matters carried up day by day, the lot for call backs, the counts of days."""
        for days in range(LATE, -1, -1):
            escalate_due(by=by, at=now - timedelta(days=days))
        draw_call_backs(by=by, at=now, days=CALLED)
        rebuild_days(by=system_actor("matters.days"), at=now)


class Desks:
    """Who handles a story told in a village."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.categories = {row.code: row for row in categories()}
        self.words = topics_of(self.categories.values())
        self.topics: dict[str, str] = {}
        self.desks: dict[tuple[str, str], Desk] = {}

    def desk(self, story: Story, house: House) -> Desk:
        """Category, unit and officer as the triage would suggest them for a story told in that village."""
        key = (story.title, house.village.code)
        if key not in self.desks:
            category = self.categories[self.topic(story) or story.category]
            unit = unit_for(category.unit_code, self.staff.paths[house.village.code], self.staff.units)
            if unit is None:
                raise LookupError(f"no unit for {category.code}")
            # a village's own matters are in its secretary's hands
            handler = self.staff.people.get(f"H-{unit.code}", house.secretary)
            self.desks[key] = Desk(category.code, unit.id, handler, category.working_days)
        return self.desks[key]

    def topic(self, story: Story) -> str:
        """The category that the triage would suggest, wherever it is told; empty for none."""
        if story.title not in self.topics:
            found = suggest(story.title, story.text, self.words, most=1)
            self.topics[story.title] = found[0].code if found else ""
        return self.topics[story.title]
