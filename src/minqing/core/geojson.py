"""Borders as GeoJSON (RFC 7946): what lies inside, how far they reach. Degrees, longitude before latitude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

Ring: TypeAlias = Sequence[Sequence[float]]


class Box(NamedTuple):
    """The smallest upright rectangle around something."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, *, longitude: float, latitude: float, margin: float = 0.0) -> bool:
        """Whether the place lies within, or at most ``margin`` degrees outside."""
        across = self.west - margin <= longitude <= self.east + margin
        return across and self.south - margin <= latitude <= self.north + margin


def polygons(geometry: Mapping[str, Any]) -> Iterator[Sequence[Ring]]:
    """Each polygon as its rings, the outer one first; other kinds of geometry hold no place."""
    if geometry.get("type") == "Polygon":
        yield geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        yield from geometry["coordinates"]


def contains(geometry: Mapping[str, object], *, longitude: float, latitude: float) -> bool:
    """Whether the place lies inside; a hole is outside. Of neighbours that share a border exactly one holds it."""
    return any(sum(crossings(ring, longitude, latitude) for ring in rings) % 2 == 1 for rings in polygons(geometry))


def crossings(ring: Ring, x: float, y: float) -> int:
    """How many sides of the ring a ray to the east crosses."""
    found = 0
    for (x1, y1, *_height1), (x2, y2, *_height2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found += 1
    return found


def box_of(geometries: Iterable[Mapping[str, object]]) -> Box | None:
    """The box around all of them; None around nothing."""
    places = [place for geometry in geometries for rings in polygons(geometry) for ring in rings[:1] for place in ring]
    if not places:
        return None
    longitudes, latitudes = [place[0] for place in places], [place[1] for place in places]
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
