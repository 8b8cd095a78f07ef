"""Numbered pins on a strip of map."""

from __future__ import annotations

import pytest

from minqing.web.pin_map import EDGE, HEIGHT, WIDTH, Pin, pin_map


def pin(number: int, longitude: float, latitude: float) -> Pin:
    return Pin(number, f"老街{number}号", f"/households/{number}/", "late", longitude, latitude)


def test_without_a_place_there_is_no_map() -> None:
    assert pin_map([]) is None


def test_one_pin_stands_in_the_middle_and_north_is_on_top() -> None:
    one = pin_map([pin(1, 120.0, 29.0)])
    assert one is not None
    assert [(each.x, each.y) for each in one.pins] == [(WIDTH / 2, HEIGHT / 2)]
    two = pin_map([pin(1, 120.0, 29.0), pin(2, 120.0, 29.01)])
    assert two is not None
    assert [each.y for each in two.pins] == [HEIGHT - EDGE, EDGE]


@pytest.mark.parametrize("count", [2, 8, 20])
def test_pins_of_one_place_stand_side_by_side_within_the_strip(count: int) -> None:
    drawn = pin_map([pin(n, 120.0, 29.0) for n in range(count)])
    assert drawn is not None
    assert len({(one.x, one.y) for one in drawn.pins}) == count
    assert all(0 < one.x < WIDTH and 0 < one.y < HEIGHT for one in drawn.pins)


def test_a_border_is_drawn_in_the_same_measure() -> None:
    square = {"type": "Polygon", "coordinates": [[[120, 29], [120.01, 29], [120.01, 29.01], [120, 29]]]}
    drawn = pin_map([pin(1, 120.0, 29.0), pin(2, 120.01, 29.01)], [square])
    assert drawn is not None
    assert drawn.borders[0].startswith(f"M{drawn.pins[0].x:g} {drawn.pins[0].y:g}L")
