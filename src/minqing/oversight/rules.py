"""What the figures mean, for the sentence that leads the page: rules, never free text, and no figure twice. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# fewer weeks are no direction
STREAK: Final = 2
# without one the last weeks are taken together: as much is finished as comes where they differ by a tenth at the most
RECENT: Final = 4
SAME: Final = 10
# how many kinds are named, and of how many of a hundred they are then most
NAMED: Final = 2
MOST: Final = 60


class Flow(StrEnum):
    """Whether more comes than is finished."""

    NOTHING = "nothing"
    GROWING = "growing"
    SHRINKING = "shrinking"
    MORE_CAME = "more_came"
    MORE_DONE = "more_done"
    STEADY = "steady"


class Late(StrEnum):
    """Where what is overdue lies."""

    NONE = "none"
    ALL_IN = "all_in"
    MOST_IN = "most_in"
    SPREAD = "spread"


@dataclass(frozen=True)
class Lead:
    """``weeks`` in a row it has been so; ``growing`` and ``late_in`` are kinds of matters, the most first."""

    flow: Flow
    weeks: int
    growing: tuple[str, ...]
    late: Late
    late_in: tuple[str, ...]


def lead(weeks: Sequence[tuple[int, int]], more: Mapping[str, int], late: Mapping[str, int], *, kinds: bool) -> Lead:
    """``weeks`` are whole ones, received and finished, the last one last; ``more`` how many more of each kind came than
    were finished, ``late`` how many of each are overdue. Without ``kinds`` nothing came and nothing is open.
    """
    streak = streak_of(weeks)
    flow = Flow.GROWING if streak >= STREAK else Flow.SHRINKING if streak <= -STREAK else balance(weeks[-RECENT:])
    if not kinds and not any(map(any, weeks)):
        flow = Flow.NOTHING
    growing = most({name: n for name, n in more.items() if n > 0}) if flow is Flow.GROWING else ()
    where, late_in = late_lies(late)
    return Lead(flow, abs(streak), growing, where, late_in)


def balance(weeks: Sequence[tuple[int, int]]) -> Flow:
    """Of weeks that go one way and the other: which of the two there was more of."""
    received, finished = (sum(numbers) for numbers in zip(*weeks, strict=True)) if weeks else (0, 0)
    if abs(received - finished) * SAME <= max(received, finished):
        return Flow.STEADY
    return Flow.MORE_CAME if received > finished else Flow.MORE_DONE


def streak_of(weeks: Sequence[tuple[int, int]]) -> int:
    """How many of the last weeks in a row more was received than finished; negative where less was."""
    streak = 0
    for received, finished in reversed(weeks):
        sign = (received > finished) - (received < finished)
        if not sign or sign * streak < 0:
            break
        streak += sign
    return streak


def late_lies(late: Mapping[str, int]) -> tuple[Late, tuple[str, ...]]:
    found = {name: n for name, n in late.items() if n}
    if not found:
        return Late.NONE, ()
    named = most(found)
    if len(found) <= NAMED:
        return Late.ALL_IN, named
    share = sum(found[name] for name in named) * 100 / sum(found.values())
    return (Late.MOST_IN, named) if named and share >= MOST else (Late.SPREAD, ())


def most(numbers: Mapping[str, int]) -> tuple[str, ...]:
    """The names of the most, equal ones in the order of names. Where not all equal ones have room none of them is
    named: the order of a list would say of one what is as true of the next.
    """
    ordered = sorted(numbers, key=lambda name: (-numbers[name], name))
    least = numbers[ordered[NAMED]] if len(ordered) > NAMED else 0
    return tuple(name for name in ordered[:NAMED] if numbers[name] > least)
