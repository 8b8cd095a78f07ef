"""Norms, ladder and what a pause stops as a room ships them: ``reference/norms.yaml`` of its package. Pure: a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from minqing.core.reference import read_reference
from minqing.deadlines.enums import Rung
from minqing.deadlines.shapes import Step, Target


@cache
def reference(package: str) -> Mapping[str, Any]:
    """Nothing for a room that ships none."""
    return dict(read_reference(package, "norms")) if package else {}


def ladder(package: str) -> tuple[Step, ...]:
    """From the lowest rung up."""
    steps = reference(package).get("ladder", ())
    return tuple(Step(Rung(one["rung"]), Target.parse(one["after"])) for one in steps)


def norms(package: str) -> Mapping[str, Mapping[str, str]]:
    """The targets by way of handling and kind of clock."""
    found: Mapping[str, Mapping[str, str]] = reference(package).get("norms", {})
    return found


def pauses(package: str) -> Mapping[str, Mapping[str, Any]]:
    """By reason: the kinds of clocks that stand still (``stops``) and up to how many days (``longest``)."""
    found: Mapping[str, Mapping[str, object]] = reference(package).get("pauses", {})
    return found


def stopped_by(package: str, reason: str) -> frozenset[str]:
    """The kinds of clocks that stand still while something waits for ``reason``."""
    return frozenset(pauses(package).get(reason, {}).get("stops", ()))
