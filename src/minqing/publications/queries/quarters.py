"""The county's figures of one quarter, as counted for publication: place × topic × what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.matters.queries.publishable import UNSORTED, received_in, topics
from minqing.org.enums import Level
from minqing.org.queries import areas_of_levels
from minqing.privacy.periods import Quarter
from minqing.privacy.suppression import THRESHOLD, TOTAL, Key, flat, release, tabulate
from minqing.publications.models import QuarterFigures

# each outcome lies under the one behind it; "not solved" stays answered while it is handled again
OUTCOMES: Final[Mapping[str, str]] = {
    "answered": TOTAL,
    "waiting": TOTAL,
    "told": "answered",
    "silent": "answered",
    "solved": "told",
    "unsolved": "told",
}
FIGURES_TASK: Final = "publications.figures"


def figures_of(quarter: Quarter, *, threshold: int = THRESHOLD) -> dict[str, object]:
    """The table that :class:`QuarterFigures` keeps, counts of all matters received in the quarter; three statements.

    The caller sees every area. Shown are township × topic, township × outcome and topic × outcome; the cells of all
    three together are not, and cannot be worked out where they are small.
    """
    areas = areas_of_levels(Level.CITY, Level.TOWNSHIP)
    places = {str(area.id): area.name for area in areas}
    named = {**dict(topics()), UNSORTED: ""}
    paths = sorted(((area.path, str(area.id)) for area in areas), key=lambda one: -len(one[0]))
    counts: dict[Key, int] = {}
    for path, topic, outcome, number in received_in(quarter):
        place = next(place for above, place in paths if path.startswith(above))
        key = (place, topic if topic in named else UNSORTED, outcome)
        counts[key] = counts.get(key, 0) + number
    table = tabulate(counts, [flat(places), flat(named), OUTCOMES])
    hidden = [key for key in table.counts if TOTAL not in key]
    cells = release(table, hidden=hidden, threshold=threshold)
    return {
        "places": [list(one) for one in places.items()],
        "topics": [list(one) for one in named.items()],
        "cells": [[*key, count] for key, count in cells.items()],
    }


class Making(StrEnum):
    """Where the job stands that counts a quarter; none once it is done."""

    WAITS = "waits"
    BROKEN = "broken"


def making(quarter: Quarter) -> Making | None:
    """Of the newest job for that quarter."""
    jobs = ProcrastinateJob.objects.filter(task_name=FIGURES_TASK, args__quarter=quarter.code).order_by("-id")
    status = jobs.values_list("status", flat=True).first()
    if status in {None, "succeeded"}:
        return None
    return Making.WAITS if status in {"todo", "doing"} else Making.BROKEN


def published_quarters() -> list[Quarter]:
    """Those whose figures are published, the newest first."""
    rows = QuarterFigures.objects.order_by("-year", "-quarter").values_list("year", "quarter")
    return [Quarter(*row) for row in rows]
