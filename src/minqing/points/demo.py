"""Points of the made-up county: who takes part, and what was on paper passbooks when they began."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.demo import DAY, Chunk, DemoPart, Purse, Town
from minqing.org.queries import system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.services import (
    Posting,
    close_month,
    fold_busy,
    house_account,
    post_transfers,
)
from minqing.points.services.history import open_accounts, past_open, posted_at
from minqing.privacy.access import acting_as

# once in so many days the village comes together: points are given by a list, and had something for
EVERY: Final = 30 * DAY
MOST: Final = 12


def days_of_points(town: Town) -> list[datetime]:
    """When that was, the first day first; the last one lies some days back."""
    last = town.now.astimezone(clock.SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0) - 3 * DAY
    return [last - back * EVERY for back in reversed(range(min(MOST, town.size.days // EVERY.days)))]


class Passbooks(DemoPart):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random = town.random("points")
        self.begun = (days_of_points(town) or [town.now])[0] - 20 * DAY

    def settle(self, chunk: Chunk) -> None:
        """The head of some households has an account."""
        members = min(len(chunk.houses), chunk.share(self.town.size.members))
        some = sorted(self.random.sample(range(len(chunk.houses)), members))
        houses = [chunk.houses[at] for at in some]
        people = [(house.resident_ids[0], house.area_id) for house in houses]
        accounts = open_accounts(people, by=chunk.by, at=self.begun)
        chunk.purses = [Purse(house, account) for house, account in zip(houses, accounts, strict=True)]

    def go_on(self, chunk: Chunk) -> None:
        """Every second of them had a passbook."""
        for purse in chunk.purses[::2]:
            purse.left = self.random.randrange(20, 105, 5)
        with acting_as(system_actor("points.demo")) as by, posted_at(self.begun + timedelta(hours=1)):
            issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
            given = [Posting(issuance, one.account, one.left, Code.OPENING) for one in chunk.purses[::2]]
            if given:
                post_transfers(caller="passbooks", key=f"{chunk.purses[0].house.id}", postings=given, by=by).checked()

    @classmethod
    @contextmanager
    def around(cls) -> Iterator[None]:
        with past_open():
            yield

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> None:
        """Busy accounts are folded, and months that are over closed."""
        fold_busy(by=by)
        month = clock.local_date(now).replace(day=1)
        for _back in range(MOST):
            month = (month - DAY).replace(day=1)
            close_month(month=month, by=by, at=now)
