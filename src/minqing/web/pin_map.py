"""A strip of map drawn on the server, with numbered pins and the borders around them. Pure; no tiles, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from minqing.web.area_map import Point, rings_of

WIDTH: Final = 358
HEIGHT: Final = 168
# half a pin and its edge
EDGE: Final = 26
RADIUS: Final = 13
# so that two doors side by side do not fill the strip: some three hundred metres, in degrees
LEAST: Final = 0.003


@dataclass(frozen=True)
class Pin:
    """``number`` stands on it, ``kind`` is how the row of the same number is due (``web.pieces.Due``)."""

    number: int
    name: str
    url: str
    kind: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Placed:
    pin: Pin
    x: float
    y: float


@dataclass(frozen=True)
class PinMap:
    """``borders`` are paths, which may lead out of the drawing."""

    pins: tuple[Placed, ...]
    borders: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


def pin_map(pins: Iterable[Pin], geometries: Iterable[Mapping[str, object]] = ()) -> PinMap | None:
    """As large as all pins need; none without a pin. Pins that would cover one another stand side by side."""
    pins = tuple(pins)
    if not pins:
        return None
    project = projection(pins)
    placed: list[Placed] = []
    for pin in pins:
        x, y = apart(placed, *project((pin.longitude, pin.latitude)))
        placed.append(Placed(pin, x, y))
    rings = [[project(point) for point in ring] for geometry in geometries for ring in rings_of(geometry)]
    return PinMap(tuple(placed), tuple("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "z" for ring in rings))


def projection(pins: Sequence[Pin]) -> Any:
    """Degrees to the drawing's units, north on top, the middle of the pins in its middle."""
    xs, ys = [one.longitude for one in pins], [one.latitude for one in pins]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    # a degree of longitude is shorter the farther north
    narrow = cos(radians(middle[1]))
    across, up = max((max(xs) - min(xs)) * narrow, LEAST), max(max(ys) - min(ys), LEAST / 2)
    scale = min((WIDTH - 2 * EDGE) / across, (HEIGHT - 2 * EDGE) / up)

    def project(point: Point) -> Point:
        x = WIDTH / 2 + (point[0] - middle[0]) * narrow * scale
        return round(x, 1), round(HEIGHT / 2 - (point[1] - middle[1]) * scale, 1)

    return project


def apart(placed: Sequence[Placed], x: float, y: float) -> Point:
    """The place itself, or the next one to the side where no pin stands; from the edge on in the next line."""
    for _try in range(len(placed) * 2):
        if all((one.x - x) ** 2 + (one.y - y) ** 2 >= (2 * RADIUS) ** 2 for one in placed):
            break
        x += 2 * RADIUS
        if x > WIDTH - RADIUS:
            x, y = float(EDGE), y + 2 * RADIUS if y < HEIGHT / 2 else y - 2 * RADIUS
    return round(x, 1), round(y, 1)
