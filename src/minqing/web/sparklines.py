"""Lines drawn on the server: a spark beside a figure, and a chart of two series. Pure; the parts draw them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 88, 32, 4
CHART_WIDTH, CHART_HEIGHT = 434, 156
# room for the figures of the scale, and for the names at the ends of the lines
LEFT, RIGHT, TOP, BOTTOM = 34, 76, 14, 126
GAP = 18
# first and second line: one is drawn through, the other dashed
LINES = ("in", "out")


@dataclass(frozen=True)
class Spark:
    """The way of a figure within a period, and dashed that of the period before; ``x`` and ``y`` are its end."""

    path: str
    was: str
    x: float
    y: float


def spark(values: Sequence[float], before: Sequence[float] = ()) -> Spark | None:
    """Both on one scale from nothing on; None for what is no line."""
    if len(values) < 2:
        return None
    most = max(*values, *before, 1)
    path = points(values, most)
    was = points(before, most) if len(before) > 1 else []
    return Spark(joined(path), joined(was), *path[-1])


def points(values: Sequence[float], most: float) -> list[tuple[float, float]]:
    step = (SPARK_WIDTH - SPARK_EDGE) / (len(values) - 1)
    tall = SPARK_HEIGHT - 2 * SPARK_EDGE
    return [
        (round(SPARK_EDGE / 2 + n * step, 1), round(SPARK_HEIGHT - SPARK_EDGE - tall * value / most, 1))
        for n, value in enumerate(values)
    ]


def joined(path: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in path) if path else ""


@dataclass(frozen=True)
class Series:
    """One series: ``kind`` is its class, and its last value stands at its end, at the height ``y``."""

    kind: str
    name: str
    path: str
    last: float
    y: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class LineChart:
    """``scale`` are heights with their figures, ``ticks`` places along the line with their words."""

    scale: tuple[tuple[float, int], ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[Series, ...]
    names: tuple[str, ...]
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT
    left: int = LEFT
    right: int = CHART_WIDTH - RIGHT

    @property
    def rows(self) -> list[tuple[str, tuple[float, ...]]]:
        """The same as a table."""
        return list(zip(self.names, zip(*(line.values for line in self.lines), strict=True), strict=True))


def line_chart(names: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> LineChart:
    """One or two series of the same length, at least two values long."""
    step, top = scale_of(max(1, *(max(values) for _name, values in series)))
    wide = (CHART_WIDTH - RIGHT - LEFT) / (len(names) - 1)
    xs = [round(LEFT + n * wide, 1) for n in range(len(names))]

    def height(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)

    lines = [
        Series(
            kind,
            name,
            joined(list(zip(xs, map(height, values), strict=True))),
            values[-1],
            height(values[-1]),
            tuple(values),
        )
        for kind, (name, values) in zip(LINES, series, strict=False)
    ]
    every = ceil(len(names) / 4)
    # the last one always has its words
    ticks = [(x, name) for n, (x, name) in enumerate(zip(xs, names, strict=True)) if (len(names) - 1 - n) % every == 0]
    scale = tuple((height(value), value) for value in range(0, top + 1, step))
    return LineChart(scale, tuple(ticks), tuple(apart(lines)), tuple(names))


def scale_of(most: float) -> tuple[int, int]:
    """Step and end of a scale of whole numbers with at most four steps."""
    step = 1
    for times in (2, 2.5, 2) * 12:
        if step * 4 >= most:
            break
        # 1 2 5 10 20 50 …
        step = int(step * times)
    return step, step * ceil(most / step)


def apart(lines: Sequence[Series]) -> list[Series]:
    """Their ends not over one another: the words of the lower one go down."""
    placed = sorted(lines, key=lambda one: one.y)
    moved = dict.fromkeys(range(len(placed)), 0.0)
    for (n, upper), (m, lower) in pairwise(enumerate(placed)):
        moved[m] = max(0.0, upper.y + moved[n] + GAP - lower.y)
    told = [
        Series(one.kind, one.name, one.path, one.last, one.y + moved[n], one.values) for n, one in enumerate(placed)
    ]
    return sorted(told, key=lambda one: LINES.index(one.kind))
