"""The made-up county's map: townships, villages and grids that fit together without gaps. Pure: no database."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from minqing.demo.words import TOWNSHIPS, VILLAGE_HEADS, VILLAGE_TAILS

# degrees (WGS-84) of the south-west corner and the extent: hills somewhere in Zhejiang, no real county's borders
WEST, SOUTH, WIDE, HIGH = 120.45, 29.30, 0.62, 0.52

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]


@dataclass
class MadeArea:
    """One area: ``corners`` counter-clockwise as (longitude, latitude), ``parts`` the areas inside it."""

    code: str
    name: str
    level: str
    corners: Corners
    parts: list[MadeArea] = field(default_factory=list)

    @property
    def boundary(self) -> dict[str, object]:
        """GeoJSON polygon, closed."""
        ring = [[round(x, 6), round(y, 6)] for x, y in (*self.corners, self.corners[0])]
        return {"type": "Polygon", "coordinates": [ring]}

    @property
    def centre(self) -> Point:
        xs, ys = zip(*self.corners, strict=True)
        return sum(xs) / 4, sum(ys) / 4

    def inside(self, random: Random) -> Point:
        """A point within, between the corners."""
        u, v = random.uniform(0.08, 0.92), random.uniform(0.08, 0.92)
        return between(between(self.corners[0], self.corners[1], u), between(self.corners[3], self.corners[2], u), v)


def between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def split(corners: Corners, count: int, random: Random) -> list[Corners]:
    """``count`` four-cornered pieces in rows that fill a four-cornered area; a row may have one piece fewer."""
    rows = max(1, round(math.sqrt(count)))
    counts = [count // rows + (1 if row < count % rows else 0) for row in range(rows)]
    lines = shares(random, rows)
    pieces: list[Corners] = []
    for row, columns in enumerate(counts):
        low, high = (
            (between(corners[0], corners[3], lines[edge]), between(corners[1], corners[2], lines[edge]))
            for edge in (row, row + 1)
        )
        below, above = shares(random, columns), shares(random, columns)
        pieces += [
            (
                between(*low, below[at]),
                between(*low, below[at + 1]),
                between(*high, above[at + 1]),
                between(*high, above[at]),
            )
            for at in range(columns)
        ]
    return pieces


def shares(random: Random, parts: int) -> list[float]:
    """Where the edges between ``parts`` pieces lie, from 0 to 1; inner ones are moved a little."""
    inner = [(at + random.uniform(-0.22, 0.22)) / parts for at in range(1, parts)]
    return [0.0, *inner, 1.0]


def village_names(random: Random) -> list[str]:
    names = [f"{head}{tail}村" for head in VILLAGE_HEADS for tail in VILLAGE_TAILS] + [
        f"{tail}村" for tail in VILLAGE_TAILS
    ]
    random.shuffle(names)
    return names


def make_county(*, seed: int, townships: int, villages: int, grids: int) -> MadeArea:
    """A county with ``townships``, each with ``villages``, each with ``grids``."""
    random = Random(f"places-{seed}")  # noqa: S311  # a map, not a secret
    box: Corners = ((WEST, SOUTH), (WEST + WIDE, SOUTH), (WEST + WIDE, SOUTH + HIGH), (WEST, SOUTH + HIGH))
    county = MadeArea("S", "示例市", "city", box)
    for number, corners in enumerate(split(box, townships, random), 1):
        town = MadeArea(f"S{number:02d}", TOWNSHIPS[number - 1], "township", corners)
        names = village_names(random)
        for at, piece in enumerate(split(corners, villages, random), 1):
            village = MadeArea(f"{town.code}-{at:02d}", names[at - 1], "village", piece)
            village.parts = [
                MadeArea(f"{village.code}-{grid}", f"{village.name}第{grid}网格", "grid", part)
                for grid, part in enumerate(split(piece, grids, random), 1)
            ]
            town.parts.append(village)
        county.parts.append(town)
    return county
