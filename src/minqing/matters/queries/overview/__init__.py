"""Matters as a leader sees them. Each figure is counted with a filter, and the same filter is the link to its rows."""

from __future__ import annotations

from minqing.matters.queries.overview.counts import Counts
from minqing.matters.queries.overview.figures import now_figures, period_figures, word_figures
from minqing.matters.queries.overview.groups import Group, bars, by_category, by_place
from minqing.matters.queries.overview.trend import trend

__all__ = [
    "Counts",
    "Group",
    "bars",
    "by_category",
    "by_place",
    "now_figures",
    "period_figures",
    "trend",
    "word_figures",
]
