"""Points of the made-up county: what was on paper passbooks is taken over, for some households of each village."""

from __future__ import annotations

from typing import Final

from minqing.households.demo import Chunk, House, Part, Town
from minqing.org.queries import system_actor
from minqing.points.enums import Code, Kind
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as

# one passbook for so many households
ONE_IN: Final = 8


class Passbooks(Part):
    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.random = town.random("points")

    def go_on(self, chunk: Chunk) -> None:
        homes = self.random.sample(chunk.houses, max(1, len(chunk.houses) // ONE_IN)) if chunk.houses else []
        with acting_as(system_actor("points.demo")) as by:
            issuance = house_account(kind=Kind.ISSUANCE, by=by).pk
            postings = [self.taken_over(house, issuance) for house in homes]
            for house, posting in zip(homes, postings, strict=True):
                post_transfers(caller="passbooks", key=str(house.id), postings=[posting], by=by).checked()

    def taken_over(self, house: House, issuance: int) -> Posting:
        with acting_as(system_actor("points.demo")) as by:
            account = open_account(kind=Kind.RESIDENT, area=house.area_id, resident=house.resident_ids[0], by=by)
        return Posting(issuance, account.pk, self.random.randrange(20, 240, 5), Code.OPENING)
