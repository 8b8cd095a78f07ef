"""The supervision wall 督办墙: what is red and where it hangs, and how each unit does. Of units, never of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from minqing.core.actor import Actor
from minqing.matters.enums import OPEN, Source, State
from minqing.matters.lifecycle import CHANGING
from minqing.matters.models import CallBack, Matter, Step
from minqing.matters.models.naming import word_of
from minqing.matters.queries.days import CALLS, Days, counts_all
from minqing.matters.queries.finding import Filters, filtered, in_area, within
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import BY_STEP, MEASURES, WAYS, Measure, conditions, ways, with_words
from minqing.matters.queries.seeing import visible_matters
from minqing.org.queries import units_ever
from minqing.privacy.suppression import percent

MOVES_TO_UNITS: Final = [one.value for one in BY_STEP.values()]
# with these a matter comes to a state, or to another unit in it
ARRIVALS: Final = sorted({move.value for _from, move in CHANGING})


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


def units_of(asked: Asked) -> list[Any]:
    """Every unit that has or was given a matter of the period, in the county's own order: two statements.

    The order is not one of merit: what a unit is given differs too much for that.
    """
    having = asked.matters.filter(lead_unit__isnull=False).order_by().values_list("lead_unit_id", flat=True)
    known, units = set(having.distinct()), units_ever()
    # of the steps only those of units that have nothing now
    rest = [unit.id for unit in units if unit.id not in known]
    known |= set(told_by_steps(asked).filter(unit__in=rest).values_list("unit_id", flat=True).distinct())
    return [unit for unit in units if unit.id in known]


def by_unit(asked: Asked, units: Sequence[Any] | None = None) -> list[UnitRow]:
    """The figures of ``units`` (by default of all that :func:`units_of` names) in their order: two statements."""
    wanted = {name: Count("id", filter=condition) for name, condition in conditions(asked.now).items()}
    # rows first, then sums: the reporter's last word is looked up once a matter
    matters, steps = with_words(asked.matters).filter(lead_unit__isnull=False), told_by_steps(asked)
    if units is not None:
        ids = [unit.id for unit in units]
        matters, steps = matters.filter(lead_unit__in=ids), steps.filter(unit__in=ids)
    counts: dict[int, dict[str, int]] = {}
    rows: Any = matters.values("lead_unit_id").annotate(**wanted)
    for row in rows:
        counts[row.pop("lead_unit_id")] = row
    moves: Any = steps.values("unit_id").annotate(
        **{name: Count("matter", distinct=True, filter=Q(move=move.value)) for name, move in BY_STEP.items()}
    )
    for row in moves:
        counts.setdefault(row.pop("unit_id"), {}).update(row)
    return [UnitRow(unit.id, unit.name, cells_of(counts[unit.id])) for unit in units_ever() if unit.id in counts]


def told_by_steps(asked: Asked) -> QuerySet[Step]:
    """The steps that gave a matter of the period to a unit, or sent it back."""
    ours = asked.matters.values("pk")
    return Step.objects.filter(matter__in=ours, move__in=MOVES_TO_UNITS, unit__isnull=False).order_by()


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
    n: Counter[str] = Counter()
    matters = asked.matters
    if counts_all(asked.actor, asked.area):
        days = Days(asked.since, asked.until)
        n, matters = days.totals(), matters.filter(days.unkept("received_at"))
    n.update(with_words(matters).aggregate(**{name: Count("id", filter=one) for name, one in wanted.items()}))
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


@dataclass(frozen=True)
class Waiting:
    """What stands in one place of the way now: how many, how many overdue, the oldest since when."""

    state: State
    number: int
    red: int
    since: datetime | None

    @property
    def state_label(self) -> str:
        return word_of(self.state)


def where_it_hangs(asked: Asked) -> list[Waiting]:
    """All that is not answered yet, by state, in the order of the way: one statement."""
    rows: Any = (
        with_since(asked.everything.filter(state__in=sorted(OPEN)))
        .values("state")
        .annotate(number=Count("id"), red=Count("id", filter=overdue_at(asked.now)), since=Min("there_since"))
    )
    by_state = {row["state"]: row for row in rows}
    return [
        Waiting(state, row["number"], row["red"], row["since"])
        for state in State
        if state in OPEN and (row := by_state.get(state.value))
    ]
