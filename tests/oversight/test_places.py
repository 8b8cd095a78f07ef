"""What a leader is shown of places: the areas below, each with everything inside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.org.queries import areas_seen
from minqing.oversight.queries.groups import Groups, child_path
from minqing.privacy.access import acting_as
from minqing.web.overview import Scope
from tests.cast import Cast


def places_of(actor: Actor) -> list[tuple[str, int]]:
    today = clock.today()
    groups = Groups(Scope(actor, today, today, clock.now(), areas=areas_seen(actor)))
    return [(one.area.name if one.area else "", one.open) for one in groups.places()]


def test_a_city_with_a_single_township_is_divided_into_its_villages(cast: Cast) -> None:
    cast.matter(cast.own)
    here = frozenset({cast.city.id, cast.town.id, cast.own.id, cast.other.id})
    actor = replace(cast.actor("leader"), areas=here)
    with acting_as(actor):
        assert places_of(actor) == [("棠溪村", 1), ("白竹村", 0)]
        cast.matter(cast.city)
    with acting_as(actor):
        # what lies on the way down must stay in the figures
        assert places_of(actor) == [("石璜镇", 1), ("", 1)]


@pytest.mark.parametrize(
    ("top", "path", "child"),
    [("1.", "1.4.17.", "1.4."), ("1.4.", "1.4.17.9.", "1.4.17."), ("1.4.", "1.4.", "1.4."), ("1.", "1.40.", "1.40.")],
)
def test_a_place_is_counted_in_the_area_below(top: str, path: str, child: str) -> None:
    assert child_path(top, path) == child
