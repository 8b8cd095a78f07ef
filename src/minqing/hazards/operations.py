"""What a phone holds of hazards: the checklists by which they are looked for."""

from __future__ import annotations

from typing import Final

from minqing.hazards.queries.checklists import FEED, parcels
from minqing.sync.kinds import Feed

# what a phone is told of one that is out of use by now: nothing, it is only asked no more
CHECKLISTS: Final = Feed(code=FEED, parcels=parcels, left=lambda _actor, _keys: {}, asked=True)
