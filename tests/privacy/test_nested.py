"""Lists of nested counts: nothing small can be worked out of what is told, by the same audit as for tables."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.privacy.nested import publishable
from minqing.privacy.suppression import TOTAL, Audit, flat, tabulate

LEVELS = {"open": TOTAL, "closed": TOTAL, "red": "open", "calm": "open"}
NAMES = (TOTAL, "open", "red")


def split(row: tuple[int, int, int]) -> tuple[int, int, int]:
    red, calm, closed = row
    return red + calm + closed, red + calm, red


def audited(counts: dict[str, tuple[int, ...]], threshold: int) -> tuple[str, ...] | None:
    """The first withheld count that the integer programs find to be known too well, but for columns all withheld."""
    lowest = {}
    for key, (received, open_, red) in counts.items():
        lowest |= {(key, "red"): red, (key, "calm"): open_ - red, (key, "closed"): received - open_}
    table = tabulate(lowest, [flat(counts), LEVELS])
    never = {key for key in table.counts if key[1] in {"calm", "closed"}}
    shown = publishable(counts, threshold=threshold)
    withheld = {(key, name) for key, row in shown.items() for name, one in zip(NAMES, row, strict=True) if one is None}
    # where nothing but zeros is left to withhold, the sum alone tells what it tells
    whole = {name for name in NAMES if all((key, name) in withheld or not table.counts[key, name] for key in counts)}
    wanted = sorted(one for one in withheld if one[1] not in whole)
    return Audit(table, threshold).weak(withheld | never, wanted)


@settings(max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 25)] * 3).map(split), min_size=1, max_size=6), st.sampled_from([3, 10]))
def test_no_withheld_count_is_known_within_the_threshold(rows: list[tuple[int, int, int]], threshold: int) -> None:
    counts = {f"V{n}": row for n, row in enumerate(rows)}
    assert audited(counts, threshold) is None


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3).map(split), max_size=30))
def test_nothing_small_is_told_and_no_part_of_what_is_withheld(rows: list[tuple[int, int, int]]) -> None:
    counts = {f"V{n}": row for n, row in enumerate(rows)}
    for key, row in publishable(counts).items():
        assert all(one is None or not 0 < one < 10 for one in row)
        assert all(part is None for whole, part in pairwise(row) if whole is None)
        assert all(one in (None, counts[key][level]) for level, one in enumerate(row))


def test_company_is_withheld_so_that_nobody_subtracts() -> None:
    assert publishable({"a": (40,), "b": (3,), "c": (20,)}) == {"a": (40,), "b": (None,), "c": (None,)}
    assert publishable({"a": (40,), "b": (30,)}) == {"a": (40,), "b": (30,)}, "where nothing is small all is told"
    assert publishable({"a": (40, 0), "b": (30, 0)}) == {"a": (40, 0), "b": (30, 0)}, "zeros tell of nobody"
    assert publishable({"a": (4,), "b": (3,)}) == {"a": (None,), "b": (None,)}
    assert publishable({}) == {}


def test_a_part_is_not_hidden_in_a_whole_that_is_hardly_larger() -> None:
    found = publishable({"a": (10, 5), "b": (60, 30), "c": (70, 40)})
    assert found["a"] == (None, None)


@pytest.mark.parametrize("row", [(3, 4), (-1,)])
def test_what_is_no_such_list_is_refused(row: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="part"):
        publishable({"a": row})
