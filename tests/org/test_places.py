"""The area that holds a place on the map."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.org.models import Area, Boundary
from minqing.org.queries import area_at
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def border(area: Area, west: float, south: float, side: float) -> None:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    Boundary.objects.create(area=area, geometry={"type": "Polygon", "coordinates": [ring]})


def at(latitude: float, longitude: float) -> Any:
    return area_at(latitude=latitude, longitude=longitude)


def test_without_borders_every_place_is_in_the_county(cast: Cast) -> None:
    assert at(29.5, 120.5) == at(-80, 10) == cast.city


def test_the_smallest_area_that_holds_the_place_is_found_in_three_statements_and_the_county(cast: Cast) -> None:
    border(cast.town, 120, 29, 1)
    border(cast.own, 120, 29, 0.5)
    border(cast.other, 120.5, 29, 0.5)
    with CaptureQueriesContext(connection) as queries:
        assert at(29.2, 120.2) == cast.own
    assert len(queries) == 4
    assert at(29.2, 120.7) == cast.other
    assert at(29.8, 120.2) == cast.town, "no village holds it"
    assert at(29.5, 121.1) == cast.city, "just outside of the township, where no border is known"


def test_a_place_far_outside_of_all_borders_is_nowhere(cast: Cast) -> None:
    border(cast.town, 120, 29, 1)
    assert at(29.5, 121.3) is None
    assert at(0, 0) is None


def test_the_county_s_own_border_says_what_is_far_as_well(cast: Cast) -> None:
    border(cast.city, 119, 28, 3)
    border(cast.town, 120, 29, 1)
    assert at(28.5, 119.5) == cast.city
    assert at(35, 119.5) is None


def test_an_area_that_is_no_more_holds_nothing(cast: Cast) -> None:
    from minqing.core import clock

    border(cast.city, 119, 28, 3)
    border(cast.town, 120, 29, 1)
    Area.objects.filter(pk=cast.town.pk).update(valid_to=clock.today())
    assert at(29.5, 120.5) == cast.city


def test_a_county_without_areas_has_no_place(db: None) -> None:
    assert at(29.5, 120.5) is None
