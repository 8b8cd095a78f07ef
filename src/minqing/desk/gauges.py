"""What is known of the county's health, as figures for a program that watches."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from minqing.core.gauges import Metric, each, one, seconds
from minqing.desk.queries import KNOWN_BY, looked_over
from minqing.web.pieces import LOOK, OFF


def gauges() -> Iterator[Metric]:
    """What ``minqing doctor`` finds, as the worker last found it, by its English name."""
    with translation.override(KNOWN_BY):
        found = looked_over()
    rows = [(one.name, float(one.state != LOOK)) for one in found.rows if one.state != OFF]
    says = "1: as minqing doctor wants it. What cannot be known from here is left out."
    yield each("check_well", says, "check", rows)
    yield one("checks_timestamp_seconds", "When the checks were last made.", seconds(found.at) if found.at else None)
