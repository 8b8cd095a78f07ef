"""A map of areas drawn on the server: their borders, names and numbers, each a link. Pure; no tiles, no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, radians
from typing import Any, Final

WIDTH: Final = 466
HIGHEST: Final = 420
EDGE: Final = 12
SHADES: Final = 5
# from this shade on the letters are light
DARK: Final = 4
# points of a border that lie closer are one
LEAST: Final = 1.5
# heights of a label's lines and of a letter, as large as on the phone: what fits there fits everywhere
LETTER, LINE = 19, 27
# at how many heights of an area a place for its label is looked for
LEVELS: Final = 9

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class MapArea:
    """An area with its ``number`` and how many of it are ``late``; without a ``geometry`` it is in the table alone."""

    name: str
    number: int
    late: int = 0
    url: str = ""
    late_url: str = ""
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Shape:
    """What is drawn of an area: its border, and at ``x``, ``y`` as much of its label as has room."""

    area: MapArea
    path: str
    shade: int
    x: float
    y: float
    counted: bool
    named: bool
    badge: float

    @property
    def dark(self) -> bool:
        return self.shade >= DARK

    @property
    def left(self) -> float:
        """Where the badge begins, in letters from the middle."""
        return -self.badge / 2


@dataclass(frozen=True)
class AreaMap:
    """``legend`` are shades with the numbers that they stand for."""

    areas: tuple[MapArea, ...]
    shapes: tuple[Shape, ...]
    legend: tuple[tuple[int, str], ...]
    height: int
    width: int = WIDTH


def area_map(areas: Iterable[MapArea], *, late: str = "") -> AreaMap:
    """``late`` is the word of the badge, for its width. Without borders there are no shapes, and the table remains."""
    areas = tuple(areas)
    drawn = [(n, one, rings_of(one.geometry)) for n, one in enumerate(areas) if one.geometry]
    project, height = projection([ring for _n, _one, rings in drawn for ring in rings])
    limits = bounds([one.number for one in areas])
    placed: list[tuple[float, float, float, float]] = []
    shapes: dict[int, Shape] = {}
    # the most first: where labels meet, theirs stand
    for n, one, rings in sorted(drawn, key=lambda each: -each[1].number):
        outlines = [thinned([project(point) for point in ring]) for ring in rings]
        x, y = middle(outlines)
        badge = wide(f"{late} {one.late}") + 0.9 if one.late else 0.0
        named = has_room(placed, x, y, max(wide(one.name), badge) * LETTER, 2 + bool(one.late))
        counted = named or has_room(placed, x, y, 2 * LETTER, 1)
        path = " ".join("M" + "L".join(f"{px:g} {py:g}" for px, py in ring) + "z" for ring in outlines)
        shapes[n] = Shape(one, path, shade_of(one.number, limits), x, y, counted, named, round(badge, 2))
    return AreaMap(areas, tuple(shapes[n] for n in sorted(shapes)), legend(limits), height)


def rings_of(geometry: Mapping[str, Any] | None) -> list[Ring]:
    """All rings of a polygon or of several, as longitude and latitude."""
    if not geometry:
        return []
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(point[0]), float(point[1])) for point in ring] for polygon in parts for ring in polygon]


def projection(rings: Sequence[Ring]) -> tuple[Any, int]:
    """Degrees to the drawing's own units, north on top, no wider and no higher than it may be; and its height."""
    every = [point for ring in rings for point in ring]
    if not every:
        return (lambda point: point), 0
    west, east = min(x for x, _y in every), max(x for x, _y in every)
    south, north = min(y for _x, y in every), max(y for _x, y in every)
    # a degree of longitude is shorter the farther north
    narrow = cos(radians((south + north) / 2))
    across, up = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * EDGE) / across, (HIGHEST - 2 * EDGE) / up)
    margin = (WIDTH - across * scale) / 2

    def project(point: Point) -> Point:
        return (
            round(margin + (point[0] - west) * narrow * scale, 1),
            round(EDGE + (north - point[1]) * scale, 1),
        )

    return project, round(up * scale + 2 * EDGE)


def thinned(ring: Ring) -> Ring:
    """Without points that nobody could tell from the one before; never less than a triangle."""
    kept = ring[:1]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= LEAST:
            kept.append((x, y))
    return kept if len(kept) > 2 else ring


def middle(rings: Sequence[Ring]) -> Point:
    """A place inside with room to both sides: the middle of the widest stretch at one of some heights."""
    largest = max(rings, key=extent)
    top, bottom = min(y for _x, y in largest), max(y for _x, y in largest)
    best = (0.0, largest[0][0], largest[0][1])
    for level in range(1, LEVELS + 1):
        share = level / (LEVELS + 1)
        y = top + (bottom - top) * share
        # the middle of an area is a better place than its edge
        worth = 1 - abs(share - 0.5)
        for left, right in stretches(rings, y):
            best = max(best, ((right - left) * worth, (left + right) / 2, y))
    return round(best[1], 1), round(best[2], 1)


def extent(ring: Ring) -> float:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def stretches(rings: Sequence[Ring], y: float) -> Iterator[tuple[float, float]]:
    """Where a level line is inside: between each two crossings of a border."""
    crossings = sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 > y) != (y2 > y)
    )
    return zip(crossings[::2], crossings[1::2], strict=False)


def wide(text: str) -> float:
    """How many letters wide: those of Latin script are about half as wide."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.56 for letter in text)


def has_room(placed: list[tuple[float, float, float, float]], x: float, y: float, width: float, lines: int) -> bool:
    """Whether a label of that size meets none that stands already; if so, it stands."""
    box = (x - width / 2, y - LINE, x + width / 2, y + LINE * (lines - 1))
    if any(box[0] < one[2] and one[0] < box[2] and box[1] < one[3] and one[1] < box[3] for one in placed):
        return False
    placed.append(box)
    return True


def bounds(numbers: Sequence[int]) -> list[int]:
    """Upper bounds of the shades: equal steps up to the largest number, none twice."""
    most = max(numbers, default=0)
    return sorted({ceil(most * (n + 1) / SHADES) for n in range(SHADES)}) if most else []


def shade_of(number: int, limits: Sequence[int]) -> int:
    """0 for nothing."""
    if not number:
        return 0
    return next(n for n, limit in enumerate(limits, start=1) if number <= limit)


def legend(limits: Sequence[int]) -> tuple[tuple[int, str], ...]:
    starts = [1, *(limit + 1 for limit in limits)]
    words = [str(first) if first == last else f"{first}–{last}" for first, last in zip(starts, limits, strict=False)]
    return tuple(enumerate(words, start=1))
