"""What an address asks for: a whole number, or nothing."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from minqing.web.query_params import whole_number


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("area=7", 7),
        ("area=007", 7),
        ("area=999999999", 999999999),
        # more digits than an id has, and than int() reads
        ("area=9999999999", None),
        ("area=" + "9" * 5000, None),
        ("area=-7", None),
        ("area=٧", None),
        ("area=²", None),
        ("area=", None),
        ("", None),
    ],
)
def test_a_number_is_plain_digits_and_everything_else_is_none(query: str, number: int | None) -> None:
    assert whole_number(QueryDict(query), "area") == number
