"""How alike two messages are: the character pairs that they share, the rare ones counting more. Pure.

A pair that stands in one message of many tells more than one that stands in all of them (inverse document
frequency: Spärck Jones 1972). The measure is the cosine of the two sets of pairs, each weighed by its rarity.

Of 6,642 real messages all 336 ordered pairs of the same text are found; of 126 other pairs, scores of 0.3–0.5 were the
same cause in 45 of 60, above 0.5 in 24 of 26. Rarity by a township's newest 300, as in use, was not measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# found by measuring on real messages, see above
LEAST: Final = 0.3
WORDS_SHOWN: Final = 3
WORD_LENGTH: Final = 12


@dataclass(frozen=True)
class Rarity:
    """In how many of ``total`` messages of the place each pair stands."""

    total: int
    standing: Mapping[str, int]

    def weight(self, pair: str) -> float:
        """At least a little for a pair that all have; most for one that none has."""
        return math.log(1 + (self.total + 1) / (self.standing.get(pair, 0) + 0.5))


def likeness(one: Collection[str], other: Collection[str], rarity: Rarity) -> float:
    """From 0 (nothing in common) to 1 (the same pairs)."""
    first, second = set(one), set(other)
    if not first or not second:
        return 0.0
    squares = [sum(rarity.weight(pair) ** 2 for pair in pairs) for pairs in (first & second, first, second)]
    return squares[0] / math.sqrt(squares[1] * squares[2])


def rarest(pairs: Collection[str], rarity: Rarity, most: int) -> list[str]:
    return sorted(pairs, key=lambda pair: (-rarity.weight(pair), pair))[:most]


def shared_words(text: str, pairs: Collection[str], rarity: Rarity) -> list[str]:
    """The stretches of ``text`` that consist of shared ``pairs``, what tells most first: why two are alike."""
    found: dict[str, float] = {}
    for stretch in stretches(text, set(pairs)):
        weight = sum(rarity.weight(stretch[n : n + 2]) for n in range(len(stretch) - 1))
        found.setdefault(stretch, weight)
    best: Sequence[str] = sorted(found, key=lambda word: (-found[word], word))
    return [word if len(word) <= WORD_LENGTH else word[: WORD_LENGTH - 1] + "…" for word in best[:WORDS_SHOWN]]


def stretches(text: str, pairs: Collection[str]) -> list[str]:
    made, start = [], None
    for n in range(len(text)):
        here = text[n : n + 2] in pairs
        if here and start is None:
            start = n
        elif not here and start is not None:
            made.append(text[start : n + 1])
            start = None
    return made
