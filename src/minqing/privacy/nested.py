"""What may be told of one list of counts of which each is a part of the one before it. Pure: no Django, no database.

``{"V1": (34, 12, 3)}`` is 34 received, of which 12 are open, of which 3 are overdue. The aim is that of
:mod:`minqing.privacy.suppression`: counts from 1 to threshold-1 are withheld, and others with them until each withheld
count differs by more than the threshold between two lists that agree with everything shown. There integer programs
look for such lists, for minutes; here a list is asked for in a request, and its form lets them be written down.

All sums are taken to be known: the same matters are listed by other keys as well. A count that is withheld takes its
parts with it. Then whoever holds the withheld whole of a key may hold the wholes of all other keys that are withheld,
and any number of parts up to that: so far can a count go up. It goes down by what the other keys have room for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

from minqing.privacy.suppression import THRESHOLD

Counts: TypeAlias = Mapping[str, tuple[int, ...]]
EVERYTHING: Final = float("inf")


def publishable(counts: Counts, *, threshold: int = THRESHOLD) -> dict[str, tuple[int | None, ...]]:
    """The list as it may be told, None where a count is withheld; at worst all are. Zeros may be told.

    Raises ValueError for a count below zero, or a part that is larger than its whole.
    """
    for row in counts.values():
        if any(part > whole for whole, part in pairwise(row)) or any(one < 0 for one in row):
            raise ValueError("each count is a part of the one before it")
    first = {key: topmost_small(row, threshold) for key, row in counts.items()}
    while (weak := List(counts, first).weak(threshold)) is not None:
        help_out(counts, first, *weak, threshold=threshold)
    return {
        key: tuple(one if level < first[key] else None for level, one in enumerate(row)) for key, row in counts.items()
    }


def topmost_small(row: tuple[int, ...], threshold: int) -> int:
    """The level from which on a key's counts are withheld; beyond the last one where all may be told."""
    return next((level for level, one in enumerate(row) if 0 < one < threshold), len(row))


def help_out(counts: Counts, first: dict[str, int], key: str, level: int, *, threshold: int) -> None:
    """Withhold one count more: the whole where it is too small to hide a part in, else the smallest of the level."""
    whole = counts[key][level - 1] if 0 < level == first[key] else None
    shown = [(row[level], other) for other, row in counts.items() if first[other] > level and row[level]]
    if whole is not None and (whole <= threshold or not shown):
        first[key] = level - 1
    else:
        first[min(shown)[1]] = level


class List:
    """The counts, and for each key the level from which on they are withheld."""

    def __init__(self, counts: Counts, first: Mapping[str, int]) -> None:
        self.counts, self.first = counts, first
        self.depth = max((len(row) for row in counts.values()), default=0)
        self.hidden = [[key for key, at in first.items() if at <= level] for level in range(self.depth)]

    @cached_property
    def sums(self) -> list[int]:
        """Of what is withheld at each level."""
        return [sum(self.counts[key][level] for key in keys) for level, keys in enumerate(self.hidden)]

    @cached_property
    def rooms(self) -> list[float]:
        """How many parts more the withheld keys of each level could hold, were their wholes what they are."""
        return [
            sum(self.counts[key][level - 1] - self.counts[key][level] for key in keys) if level else EVERYTHING
            for level, keys in enumerate(self.hidden)
        ]

    @cached_property
    def shown(self) -> list[bool]:
        """Whether there is a count at the level that could be withheld as well."""
        return [
            any(row[level] and self.first[key] > level for key, row in self.counts.items())
            for level in range(self.depth)
        ]

    def weak(self, threshold: int) -> tuple[str, int] | None:
        """A withheld count that cannot differ by more than the threshold though something could still be done."""
        for level, keys in enumerate(self.hidden):
            for key in keys:
                if self.can_be_helped(key, level) and self.high(key, level) - self.low(key, level) <= threshold:
                    return key, level
        return None

    def can_be_helped(self, key: str, level: int) -> bool:
        return self.shown[level] or 0 < level == self.first[key]

    def high(self, key: str, level: int) -> float:
        first = self.first[key]
        limit: float = self.counts[key][first - 1] if first else EVERYTHING
        return min(limit, *self.sums[first : level + 1])

    def low(self, key: str, level: int) -> float:
        if self.first[key] == 0 and len(self.hidden[0]) > 1:
            # another withheld key may have all of it
            return 0
        own = self.counts[key]
        if level == 0:
            return own[0]
        return max(0, own[level] - (self.rooms[level] - own[level - 1] + own[level]))
