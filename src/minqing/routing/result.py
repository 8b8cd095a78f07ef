"""Where a matter goes: what the rules say, else its category, else the township's office. Pure: no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from minqing.matters.questions import Answer
from minqing.matters.suggestion import unit_for
from minqing.org.protocols import UnitLike
from minqing.routing.engine import Book, Facts, Routed, areas_of, chain, decide, local, working_time
from minqing.routing.enums import Source
from minqing.worktime.calendar import WorkCalendar
from minqing.worktime.hours import USUAL, Hours, WorkTime

# nobody clear: the office of the matter's own township
BACKSTOP_UNIT: Final = "kind:office"


@dataclass(frozen=True, slots=True)
class RoutingResult:
    """``unit`` may be None: then nobody near is at work. ``mechanism`` and ``days`` are the rules', empty if silent.

    ``absent`` when a rule fitted whose unit does not work there: the unit then comes from the category.
    """

    unit: UnitLike | None
    source: Source
    routed: Routed
    facts: Facts
    absent: bool = False


class Units:
    """Units that take matters, each question asked once: for many decisions over the same places."""

    def __init__(self, units: Sequence[UnitLike]) -> None:
        self.units = units
        self.known: dict[tuple[str, str], UnitLike | None] = {}

    def find(self, wanted: str, path: str) -> UnitLike | None:
        key = (wanted, path)
        if key not in self.known:
            self.known[key] = unit_for(wanted, path, self.units)
        return self.known[key]

    def working_at(self, path: str, calendar: WorkCalendar) -> WorkTime:
        """Working time at a place: that of its township's office, which has what comes in there; else the usual one."""
        office = self.find(BACKSTOP_UNIT, path)
        return WorkTime(calendar, Hours.parse(office.hours) if office and office.hours else USUAL)


def facts_of(
    *,
    category: str,
    parents: Mapping[str, str | None],
    path: str,
    at: datetime,
    title: str = "",
    text: str = "",
    channel: str = "",
    answers: Mapping[str, Answer] | None = None,
    work: WorkTime | None = None,
) -> Facts:
    """The facts of a matter received ``at``. ``work`` where a rule asks for working time."""
    moment = local(at)
    return Facts(
        categories=chain(category, parents),
        areas=areas_of(path),
        at=moment,
        text=f"{title}\n{text}",
        channel=channel,
        answers=answers or {},
        working=working_time(moment, work) if work else None,
    )


def beside_refusals(
    found: RoutingResult, refused: Collection[int], named: str, path: str, units: Units
) -> RoutingResult:
    """``found``, or where its unit has sent this very matter back, the unit that was ``named`` then (by its name).

    Else the township's office, else nobody: a unit that said "not mine" is never suggested for the same again.
    """
    if found.unit is None or found.unit.id not in refused:
        return found
    called = [unit for unit in units.units if unit.name == named and unit.id not in refused]
    # two townships may each have one of that name: the one at the place is meant, of which the clerk could choose
    near = [unit for unit in called if unit.area and path.startswith(unit.area.path)]
    owner = next(iter(near or (called if len(called) == 1 else ())), None)
    if owner is not None:
        return replace(found, unit=owner, source=Source.NAMED)
    office = units.find(BACKSTOP_UNIT, path)
    if office is not None and office.id not in refused:
        return replace(found, unit=office, source=Source.BACKSTOP)
    return replace(found, unit=None, source=Source.NOBODY)


def resolve(book: Book, facts: Facts, *, usual: str, path: str, units: Units) -> RoutingResult:
    """``usual`` is the unit expression of the category, empty without one."""
    routed = decide(book, facts)
    named = units.find(routed.unit, path) if routed.unit else None
    if named is not None:
        return RoutingResult(named, Source.RULE, routed, facts)
    absent = bool(routed.unit)
    for wanted, source in ((usual, Source.CATEGORY), (BACKSTOP_UNIT, Source.BACKSTOP)):
        unit = units.find(wanted, path) if wanted else None
        if unit is not None:
            return RoutingResult(unit, source, routed, facts, absent)
    return RoutingResult(None, Source.NOBODY, routed, facts, absent)
