"""What the made-up county plants in its files, whose truth is known, is found."""

from __future__ import annotations

from datetime import date

import pytest

from minqing.core import clock
from minqing.households import demo
from minqing.households.models import Duplicate, Move
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_people_on_file_twice_are_found_namesakes_are_not_and_moves_lie_where_they_should(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("张国强", "何桂香", "钱大伯", "孙大妈")
    for number, area in enumerate([cast.own] * 8 + [cast.other] * 4):
        home = cast.household(area, number=f"H-8{number:02}")
        born = date(1960, 1, 1 + number)
        cast.resident(home, f"{names[number % 4]}{number}", relation="head", born_on=born)
        cast.resident(home, f"小{number}", relation="son", born_on=born)
    monkeypatch.setattr(demo, "TWICE", 12)
    with cast.everything() as system:
        told = demo.Households.nights(by=system, now=clock.now())
        pairs = Duplicate.objects.count()
        assert Move.objects.count() == 1
    assert (pairs, told) == (2, "预置并核对：2 对重复建档找到 2 对，2 对同名不同人误判 0 对；1 户迁移中 1 户位置正确。")
