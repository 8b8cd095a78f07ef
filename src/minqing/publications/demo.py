"""What of the made-up county everybody may read: a few solved matters in other words, and the figures of a quarter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.demo import Chunk, DemoPart, Town
from minqing.org.queries import account_by_username, actor_of, posts_in_force
from minqing.privacy.access import acting_as, transaction_as
from minqing.privacy.periods import Quarter
from minqing.publications.queries.drafts import proposal_for, still_there, to_prepare, villages_of
from minqing.publications.services import prepare_publication, publish, publish_figures, review_publication

# so many are told to everybody, and one stands at each step before that
TOLD: Final = 8
LOOKED_AT: Final = 60
MASKED: Final = "某"
DAY: Final = timedelta(days=1)


class Publications(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.titles: set[str] = set()
        self.told = 0

    def go_on(self, chunk: Chunk) -> None:
        """The clerk writes, a leader reviews: in the township where both can be tried out."""
        clerk, leader = self.town.staff.person("clerk"), self.town.staff.person("leader")
        here = clerk and leader and chunk.houses and chunk.houses[0].clerk.id == clerk.id
        if not (here and clerk and leader) or self.told >= TOLD + 2:
            return
        with acting_as(clerk):
            told = [words for row in to_prepare(clerk, most=LOOKED_AT) if (words := self.words(row))]
        for row, *texts in told[: TOLD + 2 - self.told]:
            self.tell(row, *texts, clerk=clerk, leader=leader)

    def words(self, row: Any) -> tuple[Any, ...] | None:
        """Without the village; nothing where something of a person is left, or the like is told already."""
        title = row.title
        for village in villages_of(row):
            title = title.removeprefix(village)
        found = proposal_for(row)
        texts = (title, found.question, found.answer)
        # the mask stands where something of a person or a place was
        if title in self.titles or MASKED in found.question + found.answer or still_there(row, texts):
            return None
        self.titles.add(title)
        return row, *texts

    def tell(self, row: Any, title: str, question: str, answer: str, *, clerk: Actor, leader: Actor) -> None:
        """The first is only a draft, the second waits to be shown."""
        self.told += 1
        first, second, third = (min(row.closed_at + days * DAY, self.town.now) for days in (1, 2, 3))
        with acting_as(clerk):
            made = prepare_publication(
                id=new_id(), matter=row, title=title, question=question, answer=answer, by=clerk, at=first
            )
        if self.told == 1:
            return
        with acting_as(leader):
            made = review_publication(publication=made, version=made.version, by=leader, at=second)
        if self.told == 2:
            return
        with acting_as(clerk):
            publish(publication=made, version=made.version, by=clerk, at=third)

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> None:
        """Figures of the quarter that is over."""
        account = account_by_username("leader")
        posts = posts_in_force(account.pk) if account else []
        if not account or not posts:
            return
        leader = actor_of(account, posts[0])
        with transaction_as(leader):
            publish_figures(quarter=Quarter.of(clock.local_date(now)).former, by=leader, at=now)
