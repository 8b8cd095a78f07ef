"""Reading deadlines of any room's book."""

from minqing.deadlines.queries.records import (
    Records,
    clocks_told,
    handed_on,
    hours_told,
    pauses_of,
    reckoned,
    records_of,
)
from minqing.deadlines.queries.rungs import who_stands

__all__ = [
    "Records",
    "clocks_told",
    "handed_on",
    "hours_told",
    "pauses_of",
    "reckoned",
    "records_of",
    "who_stands",
]
