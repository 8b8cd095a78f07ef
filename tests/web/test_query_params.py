"""What an address asks for: a whole number, or nothing."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from minqing.web.query_params import way_back, whole_number


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


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/worklist/?queue=matters.mine", "/worklist/?queue=matters.mine"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        # neither a path nor the name of a page
        ("9999-12-31", ""),
        ("desk:today", ""),
        ("", ""),
    ],
)
def test_the_way_back_is_a_path_of_ours_or_nothing(asked: str, back: str) -> None:
    assert way_back(RequestFactory().post("/", {"next": asked})) == back
    assert way_back(RequestFactory().get("/", {"next": asked})) == back
