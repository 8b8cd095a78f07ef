"""What can be done beside the moves of matters: each write of these rooms, the rule that it asks, its page's address.

A write function that is not here, or an address that takes a form and is not here, fails ``test_acts.py``.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from minqing.core.actor import Actor
from tests.architecture.of_rooms import brought, with_acts
from tests.cast import Cast

Rule = Callable[[Cast, Actor], Any]


@dataclass(frozen=True)
class Act:
    """``shared``: the page shows something to other posts as well, and its form only to those of the rule."""

    url: str
    rule: Rule
    shared: bool = False


def at_home(rule: Callable[[Actor, int], Any]) -> Rule:
    """May it be done in the village that all of the cast have to do with?"""
    return lambda cast, actor: rule(actor, cast.own.id)


ACTS: dict[str, Act] = {}
# writes to which no page leads, and who makes them
WITHOUT_PAGE: dict[str, str] = {}
# forms that ask and write nothing
ASKING: frozenset[str] = frozenset()
# the moves of matters are in tests/matters/test_doors.py
MOVING: frozenset[str] = frozenset()

# rooms list their own
ACTS |= brought("ACTS")
WITHOUT_PAGE |= brought("WITHOUT_PAGE")
ASKING |= brought("ASKING").keys()
MOVING |= brought("MOVING").keys()
ROOMS = tuple(importlib.import_module(f"minqing.{room}.services") for room in with_acts())
# of these rooms, and what they do on pages of others
SPACES = (*(f"{room}:" for room in with_acts()), *(act.url for act in ACTS.values()))


def writes() -> Iterator[str]:
    """The public functions of the rooms that take the one who writes, by its name as every write does."""
    for room in ROOMS:
        for name, one in inspect.getmembers(room, inspect.isfunction):
            by = inspect.signature(one).parameters.get("by")
            # what it calls of another room is not its own
            if not one.__module__.startswith(room.__name__):
                continue
            if by and by.kind is by.KEYWORD_ONLY:
                yield name
