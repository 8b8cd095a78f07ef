"""Borders and the two grids of China: pure geometry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.geojson import Box, box_of, contains
from minqing.core.point import Point, shift


def square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_place_is_inside_of_the_border_and_outside_of_its_holes() -> None:
    ring = polygon(square(0, 0, 10), square(4, 4, 2))
    assert contains(ring, longitude=1, latitude=1)
    assert not contains(ring, longitude=5, latitude=5)
    assert not contains(ring, longitude=11, latitude=5)


def test_an_area_in_several_pieces_holds_what_any_of_them_holds() -> None:
    pieces = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 1)], [square(5, 5, 1)]]}
    assert contains(pieces, longitude=0.5, latitude=0.5)
    assert contains(pieces, longitude=5.5, latitude=5.5)
    assert not contains(pieces, longitude=3, latitude=3)
    assert box_of([pieces]) == Box(0, 0, 6, 6)


def test_what_has_no_area_holds_nothing() -> None:
    assert not contains({"type": "Point", "coordinates": [1, 1]}, longitude=1, latitude=1)
    assert box_of([]) is None


@given(st.floats(0, 3, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_of_neighbours_exactly_one_holds_a_place_on_their_border_too(x: float, y: float) -> None:
    row = [polygon(square(west, 0, 1)) for west in range(3)]
    assert sum(contains(one, longitude=x, latitude=y) for one in row) == 1


def test_a_ring_that_is_not_closed_is_taken_as_closed() -> None:
    assert contains(polygon(square(0, 0, 2)[:-1]), longitude=1, latitude=1)


def test_a_box_reaches_as_far_as_its_margin() -> None:
    box = Box(120, 29, 121, 30)
    assert box.holds(longitude=120.5, latitude=29.5)
    assert not box.holds(longitude=121.1, latitude=29.5)
    assert box.holds(longitude=121.1, latitude=29.5, margin=0.2)


def test_gcj_02_moves_tiananmen_as_maps_show_it() -> None:
    # a pair that is published in many places: 39.9087 N 116.3975 E stands on such maps near 39.9101 N 116.4037 E
    north, east = shift(39.9087, 116.3975)
    assert north == pytest.approx(0.0014, abs=0.0001)
    assert east == pytest.approx(0.0062, abs=0.0001)


@given(st.floats(20, 50), st.floats(80, 130))
def test_a_point_of_gcj_02_comes_back_to_where_it_was_within_a_centimetre(latitude: float, longitude: float) -> None:
    north, east = shift(latitude, longitude)
    back = Point(latitude + north, longitude + east, "GCJ-02").wgs84()
    assert back.datum == "WGS-84"
    assert (back.latitude, back.longitude) == pytest.approx((latitude, longitude), abs=1e-7)


def test_other_points_stay_where_they_are() -> None:
    assert Point(29.5, 120.8).wgs84() == Point(29.5, 120.8)
    assert Point(29.5, 120.8, "CGCS2000", 5.0).wgs84() == Point(29.5, 120.8, "WGS-84", 5.0)
    assert shift(48.85, 2.35) == (0.0, 0.0), "nothing is moved outside of China"
