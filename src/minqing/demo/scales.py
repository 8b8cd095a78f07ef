"""How large the made-up county is. Pure.

``county`` has the figures of a real one: 7,000 cadres, 710,000 people on file, 656,000 visits, 13,000 matters
circulated to offices and bureaus, and 28,000 problems solved on the spot, which are matters too: 41,000 in all.
16,000 people take part in the points: 2.28 million issued, 1.61 million redeemed, 130 activities.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


@dataclass(frozen=True)
class Size:
    """``townships`` with ``villages`` each, those with ``grids`` each; all else are totals.

    ``circulated`` matters went to offices and bureaus, ``under_way`` of them are not closed yet; ``solved`` ones
    were settled by the village at once. ``days`` is how far visits and points go back. ``members`` take part in the
    points, of which so many were ``issued`` and ``redeemed`` in all.
    """

    townships: int
    villages: int
    grids: int
    households: int
    residents: int
    cadres: int
    visits: int
    circulated: int
    under_way: int
    solved: int
    days: int
    members: int = 12
    issued: int = 1_500
    redeemed: int = 900
    activities: int = 11

    @property
    def matters(self) -> int:
        return self.circulated + self.solved


SIZES = {
    Scale.VILLAGE: Size(1, 3, 2, 72, 232, 6, 300, 60, 32, 36, 150, 40, 5_000, 3_200, 11),
    Scale.TOWNSHIP: Size(1, 20, 3, 5_000, 16_000, 160, 20_000, 2_220, 220, 4_780, 365, 1_000, 142_500, 100_600, 12),
    Scale.COUNTY: Size(
        15, 30, 3, 222_000, 710_000, 7_000, 656_000, 13_000, 1_040, 28_000, 365, 16_000, 2_280_000, 1_610_000, 130
    ),
}
# a county's townships and villages with a few of everything else
SAMPLE = Size(15, 30, 1, 900, 2_700, 450, 1_800, 1_500, 60, 500, 365)


def share(total: int, start: int, end: int, of: int) -> int:
    """How many of ``total`` fall to the places from ``start`` up to ``end`` of ``of``, spread evenly.

    >>> [share(5, at, at + 1, 3) for at in range(3)]
    [1, 2, 2]
    """
    return total * end // of - total * start // of
