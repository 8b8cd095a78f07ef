"""One measure word for points: 枚, on every page of the rooms that have to do with them."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import SOURCE


@pytest.mark.parametrize("room", ["earning", "machines", "points", "redeeming", "bookings", "activities"])
def test_points_are_counted_in_one_way(room: str) -> None:
    words = (SOURCE / room / "locale/zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert re.findall(r"(?:\)s|}) *(?:个|分)?香榧币", words) == []
