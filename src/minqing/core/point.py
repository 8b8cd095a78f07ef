"""A place on the map as a pair of degrees with the ellipsoid they are measured on."""

from __future__ import annotations

from typing import NamedTuple


class Point(NamedTuple):
    """``latitude`` and ``longitude`` in degrees; ``datum`` is WGS-84, GCJ-02 or CGCS2000, ``accuracy`` in metres."""

    latitude: float
    longitude: float
    datum: str = "WGS-84"
    accuracy: float | None = None
