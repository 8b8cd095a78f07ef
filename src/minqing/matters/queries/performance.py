"""The supervision wall 督办墙: what is red and where it hangs, and how each unit does. Of units, never of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from minqing.core.actor import Actor
from minqing.matters.enums import OPEN, Source
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import CallBack, Matter, Step
from minqing.matters.queries.days import CALLS, Days, by_step, counts_all, moved
from minqing.matters.queries.finding import Filters, filtered, in_area, within
from minqing.matters.queries.measures import MEASURES, WAYS, Measure, conditions, of_now, ways
from minqing.matters.queries.visibility import visible_matters
from minqing.org.queries import units_ever
from minqing.privacy.suppression import percent

# with these a matter comes to a state, or to another unit in it
ARRIVALS: Final = sorted({move.value for _from, move in MATTER.changing})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who looks, at which area (None: all of theirs), at matters received from which local day to which."""

    actor: Actor
    since: date
    until: date
    now: datetime
    area: int | None = None

    @cached_property
    def everything(self) -> QuerySet[Matter]:
        """All that may be seen of the area, of whatever day."""
        return in_area(visible_matters(self.actor), self.area)

    @property
    def matters(self) -> QuerySet[Matter]:
        """Those of the days."""
        return within(self.everything, since=self.since, until=self.until)

    @cached_property
    def days(self) -> Days | None:
        """What is kept of the days, for who looks at the whole county; None: the rows are few."""
        return Days(self.since, self.until) if counts_all(self.actor, self.area) else None

    @cached_property
    def uncounted(self) -> QuerySet[Matter]:
        """Those of the days that the kept counts do not hold."""
        return self.matters.filter(self.days.unkept("received_at")) if self.days else self.matters


@dataclass(frozen=True)
class Cell:
    """One figure of one unit; ``share`` in whole per cent, None where there is nothing to divide by."""

    measure: Measure
    part: int
    whole: int | None
    share: int | None


@dataclass(frozen=True)
class UnitRow:
    unit_id: int
    name: str
    cells: tuple[Cell, ...]


def units_of(asked: Asked) -> list[object]:
    """Every unit that has or was given a matter of the period, in the county's own order: two statements.

    Two more for who sees the whole county. The order is not one of merit: what a unit is given differs too much for
    that.
    """
    having = asked.uncounted.filter(lead_unit__isnull=False).order_by().values_list("lead_unit_id", flat=True)
    known, units = set(having.distinct()), units_ever()
    known |= asked.days.units() if asked.days else set()
    # of the steps only those of units that have nothing now
    rest = [unit.id for unit in units if unit.id not in known]
    known |= set(told_by_steps(asked).filter(unit__in=rest).values_list("unit_id", flat=True).distinct())
    return [unit for unit in units if unit.id in known]


def by_unit(asked: Asked, units: Sequence[Any] | None = None) -> list[UnitRow]:
    """The figures of ``units`` (by default of all that :func:`units_of` names) in their order: two statements.

    Two more for who sees the whole county.
    """
    ids = None if units is None else [unit.id for unit in units]
    counts = counted_by_unit(asked.uncounted, conditions(asked.now), ids)
    steps = told_by_steps(asked)
    moves: Any = (steps if ids is None else steps.filter(unit__in=ids)).values("unit_id").annotate(**by_step())
    for row in moves:
        counts.setdefault(row.pop("unit_id"), Counter()).update(row)
    if asked.days:
        add_kept(counts, asked, asked.days, ids)
    return [UnitRow(unit.id, unit.name, cells_of(counts[unit.id])) for unit in units_ever() if unit.id in counts]


def add_kept(counts: dict[int, Counter[str]], asked: Asked, days: Days, ids: Sequence[int] | None) -> None:
    """What is kept of the days, and of their matters that are open what depends on the hour."""
    for unit_id, kept in days.of_units(ids).items():
        kept["timed"] = kept.pop("timed_answered", 0)
        counts.setdefault(unit_id, Counter()).update(kept)
    still_open = asked.matters.filter(days.held("received_at"), state__in=sorted(OPEN))
    for unit_id, now in counted_by_unit(still_open, of_now(asked.now), ids).items():
        counts.setdefault(unit_id, Counter()).update(now)


def counted_by_unit(
    matters: QuerySet[Matter], conditions: Mapping[str, Q], ids: Sequence[int] | None
) -> dict[int, Counter[str]]:
    matters = matters.filter(lead_unit__isnull=False) if ids is None else matters.filter(lead_unit__in=ids)
    wanted = {name: Count("id", filter=one) for name, one in conditions.items()}
    rows: Any = matters.order_by().values("lead_unit_id").annotate(**wanted)
    return {row.pop("lead_unit_id"): Counter(row) for row in rows}


def told_by_steps(asked: Asked) -> QuerySet[Step]:
    """The steps that gave a matter of the period to a unit, or sent it back; without what is kept."""
    return moved(Step.objects.filter(matter__in=asked.uncounted.values("pk")))


def cells_of(counts: dict[str, int]) -> tuple[Cell, ...]:
    made = []
    for one in MEASURES:
        part = counts.get(one.part, 0)
        whole = counts.get(one.whole, 0) if one.whole else None
        made.append(Cell(one, part, whole, percent(part, whole)))
    return tuple(made)


@dataclass(frozen=True)
class Voices:
    """How the reporters of a period were heard: the last words by their way, and what stands against them.

    ``silent`` of ``answered`` matters have no word since the answer, ``declined`` were asked and would not say; of
    ``drawn`` call-backs ``reached`` were reached and ``missed`` not, after as many tries as are made; the rest wait.
    """

    by_way: tuple[tuple[str, Source, int], ...]
    answered: int
    silent: int
    declined: int
    drawn: int
    reached: int
    missed: int


def voices(asked: Asked) -> Voices:
    """Of the matters of the days: two statements, and two more for who sees the whole county."""
    known = conditions(asked.now)
    wanted = ways() | {name: known[name] for name in ("answered", "silent", "declined")}
    n = asked.days.totals() if asked.days else Counter()
    matters = asked.uncounted
    n.update(matters.aggregate(**{name: Count("id", filter=one) for name, one in wanted.items()}))
    calls = CallBack.objects.filter(matter__in=matters.order_by().values("pk"))
    n.update(calls.aggregate(**{name: Count("id", filter=one) for name, one in CALLS.items()}))
    by_way = tuple((name, way, n[name]) for name, way in WAYS.items() if n[name])
    facts = (n["answered"], n["silent"], n["declined"])
    return Voices(by_way, *facts, n["drawn"], n["heard"], n["missed"])


def with_since(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """With ``there_since``: when each came to where it stands. A note or a rung of the ladder moves it nowhere."""
    came = Step.objects.filter(matter=OuterRef("pk"), move__in=ARRIVALS).order_by("-at", "-id")
    return matters.annotate(there_since=Coalesce(Subquery(came.values("at")[:1]), "received_at"))


def red_now(asked: Asked) -> QuerySet[Matter]:
    """Everything overdue, of whatever day, what is overdue longest first: where it hangs is its state and unit.

    With ``there_since``.
    """
    found = with_since(filtered(asked.everything, Filters(light="red"), now=asked.now))
    return found.select_related("area", "lead_unit", "category").defer("text", "search").order_by("due_at", "id")
