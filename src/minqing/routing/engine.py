"""Which unit a matter goes to, by rules that a clerk keeps. Pure: no database.

A rule has a condition and says a unit, a way of handling, a term, or several of them. The sets of the nearest area are
asked first (a township's before the county's), each from the top. The first rule that fits and says something about a
thing decides it; a rule that stops ends the search. What no rule says is left to the category and the backstop
(:mod:`minqing.routing.result`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from minqing.core.clock import SHANGHAI
from minqing.matters.questions import Answer, as_list
from minqing.worktime.hours import WorkTime

# month and day, both ends included; an end before its beginning runs over New Year
Season: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
# from (included) to (excluded); an end before its beginning runs over midnight
Hours: TypeAlias = tuple[time, time]


class How(StrEnum):
    """How an answer is compared: it is one of the values, at least, or at most the number."""

    IS = "is"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Asked:
    """One demand on an answer. Numbers compare as numbers; an answer that is none, or missing, does not fit."""

    question: str
    how: How
    values: tuple[str, ...]

    def fits(self, answer: Answer | None) -> bool:
        given = as_list(answer)
        if self.how is How.IS:
            return any(one in self.values for one in given)
        numbers = [number for one in given if (number := number_of(one)) is not None]
        limit = float(self.values[0])
        return any(one >= limit if self.how is How.LEAST else one <= limit for one in numbers)


@dataclass(frozen=True, slots=True)
class Condition:
    """All that is given must fit; of a list one is enough. Nothing given fits every matter.

    ``categories`` and ``areas`` (ids) include all below them. ``weekdays`` are 1 (Monday) to 7. ``working`` is inside
    or outside of working time. Words are looked for in title and text as they are.
    """

    categories: frozenset[str] = frozenset()
    areas: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    weekdays: frozenset[int] = frozenset()
    hours: Hours | None = None
    working: bool | None = None
    season: Season | None = None
    answers: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """``unit`` is a code or expression as in a category, or empty; ``number`` and ``area`` are those of its set."""

    id: UUID
    name: str
    when: Condition
    unit: str = ""
    mechanism: str = ""
    days: int | None = None
    stop: bool = True
    set_id: UUID | None = None
    number: int = 0
    area: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule looks at: ``categories`` the matter's own first and then those above, ``areas`` from the top down.

    ``at`` is the local time of the receipt; ``working`` whether that was working time, None where nobody asks.
    """

    categories: tuple[str, ...]
    areas: tuple[int, ...]
    at: datetime
    text: str = ""
    channel: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    working: bool | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """What the rules say; ``by`` is the rule that gave the unit, ``matched`` all that had a say, in order."""

    unit: str = ""
    mechanism: str = ""
    days: int | None = None
    by: Rule | None = None
    matched: tuple[Rule, ...] = ()


class Book:
    """Rules made ready for many decisions: by area, and in each by category.

    What a category can meet is worked out once for each category, so that a decision looks at few rules.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.sets: dict[int, list[Rule]] = {}
        for rule in rules:
            self.sets.setdefault(rule.area, []).append(rule)
        self._open: dict[tuple[int, tuple[str, ...]], tuple[Rule, ...]] = {}

    @property
    def asks_calendar(self) -> bool:
        """Whether any rule needs to know what working time is."""
        return any(rule.when.working is not None for rules in self.sets.values() for rule in rules)

    def open_to(self, facts: Facts) -> Iterator[Rule]:
        """The rules that the matter's category leaves open, in the order in which they are asked."""
        for area in reversed(facts.areas):
            if area not in self.sets:
                continue
            key = (area, facts.categories)
            rules = self._open.get(key)
            if rules is None:
                above = frozenset(facts.categories)
                rules = tuple(
                    rule for rule in self.sets[area] if not rule.when.categories or rule.when.categories & above
                )
                self._open[key] = rules
            yield from rules


def decide(book: Book, facts: Facts) -> Routed:
    """What the rules say of a matter. The same for the same book and facts, in any process."""
    unit, mechanism, by = "", "", None
    days: int | None = None
    matched = []
    for rule in book.open_to(facts):
        if not holds(rule.when, facts):
            continue
        matched.append(rule)
        if rule.unit and not unit:
            unit, by = rule.unit, rule
        mechanism = mechanism or rule.mechanism
        days = rule.days if days is None else days
        if rule.stop:
            break
    return Routed(unit, mechanism, days, by, tuple(matched))


def holds(when: Condition, facts: Facts) -> bool:
    """Whether the condition fits; the cheap parts are asked first."""
    return (
        (not when.categories or not when.categories.isdisjoint(facts.categories))
        and (not when.areas or not when.areas.isdisjoint(facts.areas))
        and (not when.channels or facts.channel in when.channels)
        and (not when.weekdays or facts.at.isoweekday() in when.weekdays)
        and (when.hours is None or in_hours(when.hours, facts.at.time()))
        and (when.working is None or when.working is facts.working)
        and (when.season is None or in_season(when.season, (facts.at.month, facts.at.day)))
        and all(asked.fits(facts.answers.get(asked.question)) for asked in when.answers)
        and (not when.words or any(word in facts.text for word in when.words))
    )


def because(when: Condition, facts: Facts) -> dict[str, object]:
    """What made the condition fit, as codes that can be stored: of a list the one that was met."""
    found: dict[str, object] = {}
    if when.categories:
        found["category"] = next((one for one in facts.categories if one in when.categories), "")
    if when.areas:
        found["area"] = next((one for one in reversed(facts.areas) if one in when.areas), 0)
    if when.channels:
        found["channel"] = facts.channel
    if when.words:
        found["words"] = [word for word in when.words if word in facts.text]
    if when.weekdays:
        found["weekday"] = facts.at.isoweekday()
    if when.hours:
        found["hours"] = [f"{one:%H:%M}" for one in when.hours]
    if when.working is not None:
        found["working"] = when.working
    if when.season:
        found["season"] = [month_day(one) for one in when.season]
    if when.answers:
        found["answers"] = [[one.question, one.how.value, list(one.values)] for one in when.answers]
    return found


def in_hours(hours: Hours, at: time) -> bool:
    first, last = hours
    return first <= at < last if first < last else at >= first or at < last


def in_season(season: Season, day: tuple[int, int]) -> bool:
    first, last = season
    return first <= day <= last if first <= last else day >= first or day <= last


def working_time(at: datetime, work: WorkTime) -> bool:
    """Whether the local moment ``at`` lies between opening and closing of a working day; the noon break is part of it.

    Rules ask because somebody else is on duty outside working time, and nobody is put on duty for a noon break.
    """
    minute = at.hour * 60 + at.minute
    return work.hours.spans[0][0] <= minute < work.hours.spans[-1][1] and work.is_working_day(at.date())


def local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def number_of(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def month_day(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


def areas_of(path: str) -> tuple[int, ...]:
    """The ids of an area's path, from the top down."""
    return tuple(int(part) for part in path.split(".") if part)


def chain(code: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """A category and those above it; empty for none."""
    found: list[str] = []
    step: str | None = code or None
    while step and step not in found:
        found.append(step)
        step = parents.get(step)
    return tuple(found)
