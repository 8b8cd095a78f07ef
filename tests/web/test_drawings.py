"""Figures, lines and maps drawn on the server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from minqing.web.area_map import MapArea, area_map, bounds, middle, shade_of
from minqing.web.pieces import START, Segment, Stat, against, points
from minqing.web.samples import samples
from minqing.web.sparklines import line_chart, scale_of, spark


def square(west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    east, north = west + side, south + side
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north]]]}


def test_a_spark_and_the_period_before_stand_on_one_scale() -> None:
    drawn = spark([0, 5, 10], [10, 10, 10])
    assert drawn
    assert drawn.path == "M2 28 L44 16 L86 4"
    assert drawn.was == "M2 4 L44 4 L86 4"
    assert (drawn.x, drawn.y) == (86, 4)


def test_what_is_no_line_is_not_drawn() -> None:
    assert spark([3]) is None
    assert spark([0, 0]).path == "M2 28 L86 28"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("most", "scale"), [(1, (1, 1)), (4, (1, 4)), (5, (2, 6)), (12, (5, 15)), (41, (20, 60)), (700, (200, 800))]
)
def test_a_scale_has_whole_numbers_and_at_most_four_steps(most: int, scale: tuple[int, int]) -> None:
    step, top = scale_of(most)
    assert (step, top) == scale
    assert top >= most
    assert top / step <= 4


def test_the_ends_of_two_lines_do_not_stand_over_one_another() -> None:
    chart = line_chart(["1", "2"], [("收到", [1, 9]), ("办结", [1, 9])])
    first, second = (line.y for line in chart.lines)
    assert abs(first - second) >= 18
    assert [line.kind for line in chart.lines] == ["in", "out"]


def test_a_chart_says_its_numbers_to_those_who_do_not_see_it() -> None:
    chart = line_chart(["11-2", "11-9"], [("收到", [7, 11]), ("办结", [5, 9])])
    html = render_to_string("web/parts/line_chart.html", {"chart": chart, "title": "每周"})
    assert 'aria-label="每周 · 收到 7, 11 · 办结 5, 9"' in html
    assert chart.rows == [("11-2", (7, 5)), ("11-9", (11, 9))]
    assert html.count("<tr>") == 3


def test_a_map_shows_each_area_with_its_number_and_leads_to_its_rows() -> None:
    areas = [
        MapArea("棠溪村", 11, 1, "/?area=1", geometry=square(120.0, 29.0)),
        MapArea("白竹村", 0, 0, "/?area=2", geometry=square(120.1, 29.0)),
        MapArea("没有边界的村", 3, 0, "/?area=3"),
    ]
    drawn = area_map(areas, late="超期")
    assert [shape.area.name for shape in drawn.shapes] == ["棠溪村", "白竹村"]
    assert [(shape.shade, shape.dark) for shape in drawn.shapes] == [(5, True), (0, False)]
    with translation.override("zh-hans"):
        html = render_to_string("web/parts/area_map.html", {"map": drawn, "title": "各村", "number": "未办结"})
    assert 'href="/?area=1" aria-label="棠溪村：未办结 11 件，超期 1 件"' in html
    assert "style=" not in html
    # what has no border stands in the table
    assert "没有边界的村" in html.partition("</table>")[0]


def test_without_borders_the_table_stands_open() -> None:
    drawn = area_map([MapArea("棠溪村", 3)])
    html = render_to_string("web/parts/area_map.html", {"map": drawn, "title": "各村", "number": "未办结"})
    assert '<details class="twin" open>' in html
    assert "<svg" not in html


def test_north_is_on_top_and_the_drawing_keeps_to_its_width() -> None:
    south, north = area_map(
        [MapArea("南", 1, geometry=square(120, 29)), MapArea("北", 1, geometry=square(120, 29.1))]
    ).shapes
    assert north.y < south.y
    wide = area_map([MapArea("长", 1, geometry=square(120, 29)), MapArea("远", 1, geometry=square(122, 29))])
    paths = " ".join(shape.path for shape in wide.shapes)
    numbers = [float(one) for one in re.findall(r"[\d.]+", paths)]
    assert min(numbers) >= 0
    assert max(numbers) <= 466


def test_a_label_stands_inside_an_area_that_is_bent() -> None:
    bent = [[(0.0, 0.0), (100.0, 0.0), (100.0, 30.0), (30.0, 30.0), (30.0, 100.0), (0.0, 100.0)]]
    x, y = middle(bent)
    assert 0 < x < 100
    assert y < 30 or x < 30


def test_of_two_labels_that_meet_that_of_the_larger_number_stands() -> None:
    few, many = area_map(
        [
            MapArea("少的一个村", 2, geometry=square(120.0, 29.0, 0.001)),
            MapArea("多的一个村", 9, geometry=square(120.001, 29.0, 0.001)),
            MapArea("远处", 1, geometry=square(120.2, 29.0)),
        ]
    ).shapes[:2]
    assert many.named
    assert not few.named


@pytest.mark.parametrize(("numbers", "limits"), [([], []), ([0], []), ([3], [1, 2, 3]), ([11, 4], [3, 5, 7, 9, 11])])
def test_shades_are_equal_steps(numbers: list[int], limits: list[int]) -> None:
    assert bounds(numbers) == limits
    assert [shade_of(one, limits) for one in (0, *limits)] == list(range(len(limits) + 1))


@pytest.mark.parametrize(
    ("now", "before", "more", "said"),
    [
        (46, 35, "", "比上期 <b>多 11</b>（35）"),
        (38, 31, "good", '比上期 <b class="good">多 7</b>（31）'),
        (30, 31, "good", '比上期 <b class="bad">少 1</b>（31）'),
        (3, 1, "bad", '比上期 <b class="bad">多 2</b>（1）'),
        (1, 3, "bad", '比上期 <b class="good">少 2</b>（3）'),
        (4, 4, "bad", "与上期一样（4）"),
    ],
)
def test_a_figure_says_what_it_was(now: int, before: int, more: str, said: str) -> None:
    with translation.override("zh-hans"):
        assert against(now, before, more=more) == said


def test_a_stand_is_compared_with_the_beginning_and_a_share_in_points() -> None:
    with translation.override("zh-hans"):
        assert against(36, 28, than=START, more="bad") == '比期初 <b class="bad">多 8</b>（28）'
        assert points(87, 91) == '<b class="bad">低 4 点</b>'
        assert points(87, None) == ""


def test_a_strip_of_figures_escapes_names_and_keeps_what_is_bold() -> None:
    stats = [Stat("<i>", 46, "件", "/matters/", against(2, 1), spark([1, 2], [2, 1])), Stat("没有链接", 3, bad=True)]
    html = render_to_string("web/parts/stats.html", {"stats": stats})
    assert "&lt;i&gt;" in html
    assert "<b>" in html
    assert '<a href="/matters/" class="stat">' in html
    assert '<div class="stat"><span class="name">没有链接</span><span class="value bad">3</span></div>' in html
    assert 'class="was"' in html


def test_segments_say_which_is_chosen() -> None:
    chosen = [Segment("7 天", "?a", True), Segment("30 天", "?b")]
    html = render_to_string("web/parts/segments.html", {"label": "时段", "segments": chosen})
    assert html.count("aria-current") == 1
    assert '<a href="?a" aria-current="true">7 天</a>' in html


@pytest.mark.parametrize("part", sorted(samples()))
def test_each_part_with_figures_has_a_sample(part: str) -> None:
    html = render_to_string(part, samples()[part])
    assert len(html) > 100
    assert "style=" not in html
