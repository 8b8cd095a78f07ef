"""What a leader is shown of matters: days, months and places as the county has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.matters.queries.overview import Counts, by_place, trend
from minqing.matters.queries.overview.groups import child_path
from minqing.matters.queries.overview.trend import days, months
from minqing.org.queries import areas_seen
from minqing.privacy.access import acting_as
from minqing.web.overview import Scope
from tests.cast import Cast, at


def counts_of(actor: Actor, since: date, until: date, *, now: datetime | None = None) -> Counts:
    return Counts(Scope(actor, since, until, now or clock.now(), areas=areas_seen(actor)))


@pytest.mark.fault(50)
def test_a_day_of_the_trend_is_a_day_in_the_county(cast: Cast) -> None:
    cast.matter(cast.own, received_at=at("2026-11-10 23:59"))
    cast.matter(cast.own, received_at=at("2026-11-11 00:00"))
    actor = cast.actor("leader")
    with acting_as(actor):
        counts = counts_of(actor, date(2026, 11, 10), date(2026, 11, 11), now=at("2026-11-11 12:00"))
        assert trend(counts)["series"][0]["values"] == [1, 1]
        assert sum(one.received for one in by_place(counts)) == 2


def test_a_city_with_a_single_township_is_divided_into_its_villages(cast: Cast) -> None:
    cast.matter(cast.own)
    here = frozenset({cast.city.id, cast.town.id, cast.own.id, cast.other.id})
    actor = replace(cast.actor("leader"), areas=here)
    with acting_as(actor):
        today = clock.today()
        assert [(one.name, one.open) for one in by_place(counts_of(actor, today, today))] == [
            ("棠溪村", 1),
            ("白竹村", 0),
        ]
        cast_at_top = cast.matter(cast.city)
        # what lies on the way down must stay in the figures
        assert next(one.name for one in by_place(counts_of(actor, today, today))) == "石璜镇"
        assert cast_at_top.area == cast.city


def test_months_of_a_period_are_whole_but_for_its_ends() -> None:
    assert months(date(2025, 12, 15), date(2026, 2, 3)) == [
        (date(2025, 12, 15), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 3)),
    ]
    assert len(days(date(2026, 11, 1), date(2026, 11, 30))) == 30


@pytest.mark.parametrize(
    ("top", "path", "child"),
    [("1.", "1.4.17.", "1.4."), ("1.4.", "1.4.17.9.", "1.4.17."), ("1.4.", "1.4.", "1.4."), ("1.", "1.40.", "1.40.")],
)
def test_a_place_is_counted_in_the_area_below(top: str, path: str, child: str) -> None:
    assert child_path(top, path) == child
