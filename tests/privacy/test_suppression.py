"""What is withheld cannot be worked out from what is shown. The attacker here shares no code with the defender."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from minqing.privacy.periods import Quarter, may_be_published
from minqing.privacy.suppression import (
    THRESHOLD,
    TOTAL,
    Table,
    flat,
    percent,
    protect,
    release,
    tabulate,
)

Key = tuple[str, ...]
# small numbers often, as they are in villages
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 12), st.integers(13, 400))


def attacked(table: Table, shown: Mapping[Key, int | None]) -> dict[Key, tuple[float, float]]:
    """Least and most that each withheld count can be, by linear programs over what a reader sees.

    The reader knows the numbers shown, that counts are not negative, and which sums hold.
    """
    keys = list(table.counts)
    place = {key: n for n, key in enumerate(keys)}
    matrix, right = [], []
    for relation in table.relations:
        row = [0.0] * len(keys)
        row[place[relation.total]] = -1.0
        for part in relation.parts:
            row[place[part]] += 1.0
        matrix.append(row)
        right.append(0.0)
    bounds = [(shown[key], shown[key]) if shown.get(key) is not None else (0, None) for key in keys]
    found = {}
    for key in keys:
        if shown.get(key) is not None:
            continue
        ends = []
        for sign in (1.0, -1.0):
            aim = [0.0] * len(keys)
            aim[place[key]] = sign
            answer = linprog(aim, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
            # unbounded: as far as one likes
            assert answer.status in {0, 3}, answer.message
            ends.append(sign * answer.fun if answer.status == 0 else sign * float("-inf"))
        found[key] = (ends[0], ends[1])
    return found


def hold(table: Table, shown: Mapping[Key, int | None], *, hidden: frozenset[Key] = frozenset()) -> None:
    for key, count in table.counts.items():
        if shown.get(key) is not None:
            assert shown[key] == count
            assert count == 0 or count >= THRESHOLD, key
    for key, (low, high) in attacked(table, shown).items():
        if key not in hidden or 0 < table.counts[key] < THRESHOLD:
            assert high - low > THRESHOLD, (key, table.counts[key], low, high)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """One-way, two-way and hierarchical tables: townships with villages × categories."""
    towns = draw(st.integers(1, 3))
    places = {}
    for n in range(towns):
        places[f"t{n}"] = TOTAL
        places |= {f"t{n}v{m}": f"t{n}" for m in range(draw(st.integers(0, 3)))}
    dimensions = [places]
    if draw(st.booleans()):
        dimensions.append(flat(f"c{n}" for n in range(draw(st.integers(1, 4)))))
    lowest = [[code for code in one if code not in one.values()] for one in dimensions]
    return tabulate({key: draw(COUNTS) for key in product(*lowest)}, dimensions)


@pytest.mark.fault(58)
@settings(max_examples=120, deadline=None)
@given(tables())
def test_the_bounds_of_every_withheld_count_are_more_than_the_threshold_apart(table: Table) -> None:
    hold(table, release(table))


@pytest.mark.fault(58)
@settings(max_examples=25, deadline=None)
@given(st.lists(COUNTS, min_size=18, max_size=18))
def test_tables_that_share_margins_are_held_together(counts: list[int]) -> None:
    """Township × outcome, category × outcome and township × category; never the cells of all three."""
    codes = list(product(("t0", "t1", "t2"), ("c0", "c1"), ("yes", "no", "waiting")))
    answers = {"answered": TOTAL, "waiting": TOTAL, "yes": "answered", "no": "answered"}
    table = tabulate(dict(zip(codes, counts, strict=True)), [flat(["t0", "t1", "t2"]), flat(["c0", "c1"]), answers])
    hidden = frozenset(key for key in table.counts if TOTAL not in key)
    hold(table, release(table, hidden=hidden), hidden=hidden)


def test_a_row_with_one_small_count_loses_a_second_one_and_so_do_the_columns() -> None:
    counts = {("a", "x"): 3, ("a", "y"): 50, ("a", "z"): 60, ("b", "x"): 40, ("b", "y"): 70, ("b", "z"): 80}
    table = tabulate(counts, [flat("ab"), flat("xyz")])
    shown = release(table)
    withheld = {key for key, count in shown.items() if count is None}
    assert withheld == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert shown[TOTAL, TOTAL] == 303
    # one less would have told the small one exactly
    for key in withheld - {("a", "x")}:
        low, high = attacked(table, shown | {key: counts[key]})["a", "x"]
        assert low == high == 3


def test_without_company_a_small_count_is_found_and_the_attacker_finds_it() -> None:
    table = tabulate({("a",): 4, ("b",): 30}, [flat("ab")])
    naive = {key: count if count >= THRESHOLD else None for key, count in table.counts.items()}
    assert attacked(table, naive) == {("a",): (4, 4)}
    assert [release(table)[key] for key in (("a",), ("b",))] == [None, None]


def test_two_small_counts_beside_their_sum_are_not_enough() -> None:
    """4 and 5 of 9 lie between 0 and 9: the sum goes too, or a larger neighbour."""
    table = tabulate({("a",): 4, ("b",): 5, ("c",): 90}, [flat("abc")])
    assert protect(table) == {("a",), ("b",), ("c",)}


def test_nothing_is_withheld_of_large_counts_and_zeros() -> None:
    table = tabulate({("a", "x"): 10, ("a", "y"): 0, ("b", "x"): 99, ("b", "y"): 12}, [flat("ab"), flat("xy")])
    assert protect(table) == frozenset()
    assert release(table) == table.counts


def test_a_village_is_not_found_through_its_township() -> None:
    places = {"town": TOTAL, "far": TOTAL, "v1": "town", "v2": "town", "w1": "far", "w2": "far"}
    table = tabulate({("v1",): 2, ("v2",): 60, ("w1",): 70, ("w2",): 80}, [places])
    assert {key for key, count in release(table).items() if count is None} == {("v1",), ("v2",)}
    single = tabulate({("v1",): 2, ("w1",): 70, ("w2",): 80}, [{key: places[key] for key in places if key != "v2"}])
    assert release(single)["town",] is None
    hold(single, release(single))


def test_what_cannot_be_a_table_is_refused() -> None:
    for counts in ({("a",): -1}, {("z",): 1}, {("a", "b"): 1}):
        with pytest.raises(ValueError, match="below zero"):
            tabulate(counts, [flat("a")])
    with pytest.raises(ValueError, match="lowest"):
        tabulate({("a",): 1}, [{"a": TOTAL, "b": "a"}])


def test_a_rate_needs_both_its_counts() -> None:
    assert [percent(5, 10), percent(None, 10), percent(5, None), percent(0, 0), percent(0, 50)] == [
        50, None, None, None, 0,
    ]  # fmt: skip
    assert (percent(999, 1000), percent(1, 1000), percent(1000, 1000)) == (99, 1, 100)


@pytest.mark.fault(58)
@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_quarters_cover_every_day_once(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert Quarter.parse(quarter.code) == quarter
    if quarter.number > 1:
        assert quarter.former.following == quarter


@pytest.mark.fault(58)
def test_only_a_quarter_that_is_over_is_published_and_only_once() -> None:
    third = Quarter(2026, 3)
    assert may_be_published(third, today=date(2026, 9, 30), published=[]).code == "not_over"
    assert may_be_published(third, today=date(2026, 10, 1), published=[third.former])
    assert may_be_published(third, today=date(2027, 1, 1), published=[third]).code == "published_before"
    for wrong in ("2026", "2026Q5", "1026Q1", "2026M1", "2026Q1x", "２０２６Q1"):
        with pytest.raises(ValueError, match="no quarter"):
            Quarter.parse(wrong)
