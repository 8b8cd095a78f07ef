"""Reading deadlines of any room's book."""

from minqing.deadlines.queries.lights import soon, with_lights
from minqing.deadlines.queries.overlooked import overlooked
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
from minqing.deadlines.queries.terms import Waiting, ladder, next_rung, norms_of, reasons_offered, waiting_for

__all__ = [
    "Records",
    "Waiting",
    "clocks_told",
    "handed_on",
    "hours_told",
    "ladder",
    "next_rung",
    "norms_of",
    "overlooked",
    "pauses_of",
    "reasons_offered",
    "reckoned",
    "records_of",
    "soon",
    "waiting_for",
    "who_stands",
    "with_lights",
]
