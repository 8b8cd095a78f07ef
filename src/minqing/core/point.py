"""A place on the map as a pair of degrees with the ellipsoid they are measured on."""

from __future__ import annotations

from math import cos, degrees, pi, radians, sin, sqrt
from typing import NamedTuple


class Point(NamedTuple):
    """``latitude`` and ``longitude`` in degrees; ``datum`` is WGS-84, GCJ-02 or CGCS2000, ``accuracy`` in metres."""

    latitude: float
    longitude: float
    datum: str = "WGS-84"
    accuracy: float | None = None

    def wgs84(self) -> Point:
        """The same place on WGS-84, to about a centimetre; CGCS2000 is taken for it (they differ by less)."""
        if self.datum != "GCJ-02":
            return self._replace(datum="WGS-84")
        latitude, longitude = self.latitude, self.longitude
        # GCJ-02 has no closed inverse: each round takes away what is still too much
        for _round in range(6):
            north, east = shift(latitude, longitude)
            latitude, longitude = self.latitude - north, self.longitude - east
        return self._replace(latitude=latitude, longitude=longitude, datum="WGS-84")


# the ellipsoid of Krasovsky 1940, on which the shift is laid
RADIUS = 6378245.0
FLATTENING = 0.00669342162296594323
# outside of it map providers shift nothing
CHINA = (0.8293, 55.8271, 72.004, 137.8347)


def shift(latitude: float, longitude: float) -> tuple[float, float]:
    """How far GCJ-02 moves a place of WGS-84, in degrees to the north and to the east.

    The formula is public knowledge (https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China).
    """
    south, north, west, east = CHINA
    if not (south <= latitude <= north and west <= longitude <= east):
        return 0.0, 0.0
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    up += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    up += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    right = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    right += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    right += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - FLATTENING * sin(radians(latitude)) ** 2
    meridian = RADIUS * (1 - FLATTENING) / (bend * sqrt(bend))
    return degrees(up / meridian), degrees(right / (RADIUS / sqrt(bend) * cos(radians(latitude))))
