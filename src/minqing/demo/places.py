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
class Place:
    """One area: ``corners`` counter-clockwise as (longitude, latitude), ``parts`` the areas inside it."""

    code: str
    name: str
    level: str
    corners: Corners
    parts: list[Place] = field(default_factory=list)

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
    """``count`` four-cornered pieces of a four-cornered area, in rows, sharing their corners."""
    rows = max(1, round(math.sqrt(count)))
    columns = math.ceil(count / rows)
    shares = [[jitter(random, row, column, rows, columns) for column in range(columns + 1)] for row in range(rows + 1)]
    nodes = [
        [between(between(corners[0], corners[1], u), between(corners[3], corners[2], u), v) for u, v in line]
        for line in shares
    ]
    pieces = [
        (nodes[row][column], nodes[row][column + 1], nodes[row + 1][column + 1], nodes[row + 1][column])
        for row in range(rows)
        for column in range(columns)
    ]
    # the last row may have pieces left over: they stay empty land
    return pieces[:count]


def jitter(random: Random, row: int, column: int, rows: int, columns: int) -> Point:
    """Where a corner lies, as shares of width and height; inner ones are moved a little."""
    shift_u = 0.0 if column in (0, columns) else random.uniform(-0.25, 0.25) / columns
    shift_v = 0.0 if row in (0, rows) else random.uniform(-0.25, 0.25) / rows
    return column / columns + shift_u, row / rows + shift_v


def village_names(random: Random) -> list[str]:
    names = [f"{head}{tail}村" for head in VILLAGE_HEADS for tail in VILLAGE_TAILS] + [
        f"{tail}村" for tail in VILLAGE_TAILS
    ]
    random.shuffle(names)
    return names


def make_county(*, seed: int, townships: int, villages: int, grids: int) -> Place:
    """A county with ``townships``, each with ``villages``, each with ``grids``."""
    random = Random(f"places-{seed}")  # noqa: S311  # a map, not a secret
    box: Corners = ((WEST, SOUTH), (WEST + WIDE, SOUTH), (WEST + WIDE, SOUTH + HIGH), (WEST, SOUTH + HIGH))
    county = Place("S", "示例市", "city", box)
    for number, corners in enumerate(split(box, townships, random), 1):
        town = Place(f"S{number:02d}", TOWNSHIPS[number - 1], "township", corners)
        names = village_names(random)
        for at, piece in enumerate(split(corners, villages, random), 1):
            village = Place(f"{town.code}-{at:02d}", names[at - 1], "village", piece)
            village.parts = [
                Place(f"{village.code}-{grid}", f"{village.name}第{grid}网格", "grid", part)
                for grid, part in enumerate(split(piece, grids, random), 1)
            ]
            town.parts.append(village)
        county.parts.append(town)
    return county
