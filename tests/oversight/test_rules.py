"""The sentence that leads the page: what the figures mean, by rules."""

from __future__ import annotations

import pytest
from django.utils import translation

from minqing.oversight.rules import Flow, Late, lead, streak_of
from minqing.oversight.slots import worded

EVEN = [(5, 5)] * 4


@pytest.mark.parametrize(
    ("weeks", "streak"),
    [
        ([], 0),
        ([(5, 5)], 0),
        ([(9, 1), (6, 5)], 2),
        ([(1, 9), (6, 5), (7, 5)], 2),
        ([(6, 5), (5, 5), (7, 5)], 1),
        ([(7, 5), (5, 6), (5, 6), (4, 6)], -3),
    ],
)
def test_a_streak_goes_back_to_the_first_week_that_was_otherwise(weeks: list[tuple[int, int]], streak: int) -> None:
    assert streak_of(weeks) == streak


@pytest.mark.parametrize(
    ("weeks", "more", "late", "flow", "weeks_told", "growing", "where", "late_in"),
    [
        # three weeks in a row more came; two kinds are named, the most first
        ([(5, 5), (8, 7), (9, 7), (9, 8)], {"道路": 4, "供水": 5, "噪声": 1, "环境": -3}, {"交通": 2, "社保": 1},
         Flow.GROWING, 3, ("供水", "道路"), Late.ALL_IN, ("交通", "社保")),
        # one week is no direction, and yet as much was not finished as came
        ([(5, 5), (9, 1)], {"道路": 8}, {}, Flow.MORE_CAME, 1, (), Late.NONE, ()),
        ([(1, 9), (5, 5)], {}, {}, Flow.MORE_DONE, 0, (), Late.NONE, ()),
        ([(9, 9), (10, 9), (10, 10), (11, 10)], {}, {}, Flow.STEADY, 1, (), Late.NONE, ()),
        # what was long ago says nothing of now
        ([(90, 1), (5, 5), (5, 5), (5, 5), (5, 5)], {}, {}, Flow.STEADY, 0, (), Late.NONE, ()),
        ([(4, 6), (3, 5)], {"道路": -4}, {"交通": 6, "社保": 2, "环境": 1}, Flow.SHRINKING, 2, (), Late.MOST_IN,
         ("交通", "社保")),
        # of two that are level neither is named alone, neither where most is late nor where more comes
        ([(4, 6), (3, 5)], {}, {"交通": 6, "社保": 1, "环境": 1}, Flow.SHRINKING, 2, (), Late.MOST_IN, ("交通",)),
        ([(6, 4), (5, 3)], {"道路": 2, "供水": 1, "噪声": 1}, {"建设": 2, "教育": 1, "环保": 1}, Flow.GROWING, 2,
         ("道路",), Late.SPREAD, ()),
        (EVEN, {}, {"交通": 1, "社保": 1, "环境": 1, "噪声": 1}, Flow.STEADY, 0, (), Late.SPREAD, ()),
        # more came, and nowhere more than was finished: kinds that nobody has sorted yet have no name
        ([(2, 1), (2, 1)], {"道路": 0}, {"交通": 0}, Flow.GROWING, 2, (), Late.NONE, ()),
    ],
)  # fmt: skip
def test_what_the_figures_mean(
    weeks: list[tuple[int, int]],
    more: dict[str, int],
    late: dict[str, int],
    flow: Flow,
    weeks_told: int,
    growing: tuple[str, ...],
    where: Late,
    late_in: tuple[str, ...],
) -> None:
    said = lead(weeks, more, late, kinds=True)
    assert (said.flow, said.weeks, said.growing, said.late, said.late_in) == (flow, weeks_told, growing, where, late_in)


def test_where_nothing_is_nothing_is_compared() -> None:
    assert lead([(0, 0)] * 8, {}, {}, kinds=False).flow is Flow.NOTHING


@pytest.mark.parametrize(
    ("weeks", "more", "late", "sentence"),
    [
        ([(2, 1)] * 3, {"道路": 2, "供水": 1}, {"交通": 1},
         '来得比办得快：连续 3 周收到多过办结，多在<b>道路和供水</b>。 超期的都在<b class="bad">交通</b>。'),
        ([(1, 2)] * 2, {}, {}, "办得比来得快：连续 2 周办结多过收到。 没有超期事项。"),
        ([(5, 5), (9, 1)], {}, {}, "近几周收到的比办结的多。 没有超期事项。"),
        (EVEN, {}, {"<i>": 1}, '来多少办多少，大体相当。 超期的都在<b class="bad">&lt;i&gt;</b>。'),
    ],
)  # fmt: skip
def test_the_sentence(weeks: list[tuple[int, int]], more: dict[str, int], late: dict[str, int], sentence: str) -> None:
    with translation.override("zh-hans"):
        assert worded(lead(weeks, more, late, kinds=True)) == sentence
