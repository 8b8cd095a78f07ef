"""Matters of a period, and what is open, by kind, unit and place: counted together in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q

from minqing.core.clock import midnight
from minqing.core.days import DAY
from minqing.matters.queries import top_called
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import HELD
from minqing.matters.queries.stages import OPEN_STATES
from minqing.org.queries import units_ever
from minqing.oversight.queries.periods import FINISHED, matters_of
from minqing.web.overview import Area, Scope

Row = dict[str, Any]


@dataclass(frozen=True)
class AreaFigures:
    """An area with everything inside it; without one, what lies at none of those below."""

    area: Area | None
    open: int
    overdue: int


@dataclass(frozen=True)
class UnitFigures:
    """What a unit was given in the period and has, and how much of what it finished then was in time."""

    id: int
    name: str
    received: int
    open: int
    overdue: int
    timed: int
    in_time: int


@dataclass(frozen=True)
class Groups:
    """The matters of an area: those of the period and all that is open."""

    scope: Scope

    @cached_property
    def rows(self) -> list[Row]:
        """By first-level category, unit and place: as many rows as there are of these together."""
        scope = self.scope
        received, finished = within(scope, "received_at"), within(scope, "finished_at")
        open_ = Q(state__in=OPEN_STATES)
        wanted = {
            "received": received,
            "finished": finished,
            "open": open_,
            "overdue": overdue_at(scope.now),
            # one that was sent back stays written on its unit, and is the clerk's
            "given": received & HELD,
            "held": open_ & HELD,
            "late": overdue_at(scope.now) & HELD,
        } | {name: finished & FINISHED[name] for name in ("timed", "in_time")}
        found = matters_of(scope).filter(received | finished | open_)
        return list(
            found.values(
                "lead_unit_id",
                kind=top_called(),
                path=F("area__path"),
            ).annotate(**{f"n_{name}": Count("id", filter=one) for name, one in wanted.items()})
        )

    def by(self, key: Callable[[Row], Any], name: str) -> Counter[Any]:
        """The sums of one count by ``key`` of a row; those without a key left out."""
        sums: Counter[Any] = Counter()
        for row in self.rows:
            if (group := key(row)) is not None:
                sums[group] += row[f"n_{name}"]
        return sums

    def kinds(self, name: str) -> Counter[str]:
        """By kind; what nobody has sorted yet is of none."""
        return self.by(lambda row: row["kind"], name)

    def units(self) -> list[UnitFigures]:
        """Units that have or had something, in the county's own order, which is not one of merit."""
        names = ("given", "held", "late", "timed", "in_time")
        sums = [self.by(lambda row: row["lead_unit_id"], name) for name in names]
        return [
            UnitFigures(unit.id, unit.name, *numbers)
            for unit in units_ever()
            if any(numbers := [one[unit.id] for one in sums])
        ]

    def besides(self, shown: Sequence[UnitFigures]) -> UnitFigures:
        """What no unit has yet and what all others have, so that a table of ``shown`` adds up to the whole."""
        names = ("received", "open", "overdue", "timed", "in_time")
        numbers = [
            sum(row[f"n_{name}"] for row in self.rows) - sum(getattr(one, name) for one in shown) for name in names
        ]
        return UnitFigures(0, "", *numbers)

    def places(self) -> list[AreaFigures]:
        """The areas next below the one looked at, in their own order, each with everything inside it."""
        numbers = {name: self.by(lambda row: row["path"], name) for name in ("open", "overdue")}
        top = forked(self.scope, {path for path, number in numbers["open"].items() if number})
        inside: dict[str, Counter[str]] = {}
        for name, paths in numbers.items():
            for path, number in paths.items():
                inside.setdefault(child_path(top, path), Counter())[name] += number
        nothing: Counter[str] = Counter()
        places = [
            AreaFigures(one, *(inside.get(one.path, nothing)[name] for name in numbers))
            for one in self.scope.areas
            if one.path != top and child_path(top, one.path) == one.path
        ]
        at_top = inside.get(top, nothing)
        return [*places, AreaFigures(None, at_top["open"], at_top["overdue"])] if at_top["open"] else places


def within(scope: Scope, moment: str) -> Q:
    """Those whose ``moment`` (``received_at``) lies in the period."""
    return Q(**{f"{moment}__gte": midnight(scope.since), f"{moment}__lt": midnight(scope.until + DAY)})


def below(scope: Scope, top: str) -> list[str]:
    """The paths of the areas next below ``top``."""
    return [one.path for one in scope.areas if one.path != top and child_path(top, one.path) == one.path]


def forked(scope: Scope, used: set[str]) -> str:
    """The area to divide: a city with a single township says nothing until that township's villages are shown."""
    top = scope.path
    while top not in used:
        next_below = below(scope, top)
        if len(next_below) != 1:
            break
        top = next_below[0]
    return top


def child_path(top: str, path: str) -> str:
    """``1.4.17.9.`` seen from ``1.4.`` lies in ``1.4.17.``; what is at the top itself stays there."""
    step, dot, _rest = path.removeprefix(top).partition(".")
    return f"{top}{step}{dot}"
