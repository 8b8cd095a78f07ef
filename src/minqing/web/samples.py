"""Made-up contexts of the parts with figures, for the component gallery and for tests: part → its context."""

from __future__ import annotations

from minqing.web.area_map import MapArea, area_map
from minqing.web.pieces import START, Segment, Stat, against, points
from minqing.web.pin_map import Pin, pin_map
from minqing.web.sparklines import line_chart, spark

# six villages of nowhere, as the parts of a circle
BORDERS = {
    "西水碓村": ((0, 4), (0.2, 8), (3, 9), (5, 6), (5, 4), (3, 2)),
    "上云岭村": ((3, 9), (7, 9.2), (9, 8), (8, 5), (5, 6)),
    "前梅坑村": ((5, 6), (8, 5), (9, 2.5), (7, 1), (5, 4)),
    "东石桥村": ((9, 8), (13, 8.5), (14, 5), (12, 3), (9, 2.5), (8, 5)),
    "前竹园村": ((3, 2), (5, 4), (7, 1), (5.5, -1.5), (2.5, -1.2), (1, 1)),
    "后樟坞村": ((7, 1), (9, 2.5), (12, 3), (13, 0.5), (10, -1.7), (5.5, -1.5)),
}
NUMBERS = {
    "西水碓村": (11, 1),
    "上云岭村": (3, 0),
    "前梅坑村": (7, 1),
    "东石桥村": (4, 0),
    "前竹园村": (9, 1),
    "后樟坞村": (2, 0),
}


def samples() -> dict[str, dict[str, object]]:
    """Template of the part → what it is included with."""
    return {
        "web/parts/stats.html": {
            "stats": [
                Stat("收到", 46, "件", "#", against(46, 35), spark([6, 7, 6, 9, 8, 10], [6, 5, 6, 6, 7, 5])),
                Stat(
                    "办结", 38, "件", "#", against(38, 31, more="good"), spark([4, 6, 6, 7, 7, 8], [4, 5, 5, 6, 5, 6])
                ),
                Stat("其中超期", 3, "件", "#", against(3, 1, than=START, more="bad"), bad=True),
                Stat("按期答复", 87, "%", "#", points(87, 91)),
            ]
        },
        "web/parts/segments.html": {
            "label": "时段",
            "segments": [Segment("7 天", "#"), Segment("30 天", "#", True), Segment("本季度", "#")],
        },
        "web/parts/area_map.html": {
            "map": area_map([village(name, *numbers) for name, numbers in NUMBERS.items()], late="超期"),
            "title": "各村未办结",
            "number": "未办结",
            "unit": "件",
        },
        "web/parts/pin_map.html": {
            "map": pin_map(
                [
                    Pin(1, "老街177号", "#", "late", 120.001, 29.002),
                    Pin(2, "祠堂路23号", "#", "soon", 120.004, 29.004),
                    Pin(3, "溪边路8号", "#", "ok", 120.009, 29.001),
                ],
                [village("西水碓村", *next(iter(NUMBERS.values()))).geometry or {}],
            ),
            "title": "今天的户",
        },
        "web/parts/line_chart.html": {
            "chart": line_chart(
                ["10-5", "10-12", "10-19", "10-26", "11-2", "11-9", "11-16", "11-23"],
                [("收到", [7, 6, 8, 9, 7, 10, 12, 11]), ("办结", [5, 6, 5, 7, 7, 8, 9, 9])],
            ),
            "title": "每周收到与办结",
        },
    }


def village(name: str, number: int, late: int) -> MapArea:
    ring = [[120 + x / 100, 29 + y / 100] for x, y in BORDERS[name]]
    return MapArea(name, number, late, "#", "#", {"type": "Polygon", "coordinates": [ring]})
