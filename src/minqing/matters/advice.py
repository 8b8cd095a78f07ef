"""For a matter that waits to be assigned: the suggested category, unit and days, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from minqing.matters import queries
from minqing.matters.models import Category, Matter
from minqing.matters.suggest import Suggestion, Topic, suggest
from minqing.org.queries import units_at_work


class UnitLike(Protocol):
    """What the choice of a unit looks at."""

    id: int
    code: str
    name: str
    kind: str
    area: Any


@dataclass(frozen=True)
class Advice:
    """``category`` and ``unit`` may be None where nothing fits; ``words`` are why the category was suggested.

    ``others`` are the next likely categories.
    """

    category: Category | None
    unit: UnitLike | None
    days: int
    words: tuple[str, ...] = ()
    others: tuple[Category, ...] = ()


DEFAULT_DAYS = 5


def advise(
    matters: Iterable[Matter],
    *,
    categories: Sequence[Category] | None = None,
    units: Sequence[UnitLike] | None = None,
) -> dict[UUID, Advice]:
    """Advice by matter id, in two queries for any number of matters (which come with their area).

    The queries are spared where ``categories`` and ``units`` were read already.

    A category that somebody has chosen stays, or becomes more exact; unit and days follow from it.
    """
    rows = queries.categories() if categories is None else categories
    near = list(units_at_work()) if units is None else units
    by_code = {row.code: row for row in rows}
    topics = topics_of(rows)
    return {matter.pk: advise_one(matter, by_code, topics, near) for matter in matters}


def advise_one(
    matter: Matter, by_code: dict[str, Category], topics: Sequence[Topic], units: Sequence[UnitLike]
) -> Advice:
    found = suggest(matter.title, matter.text, topics)
    chosen = by_code.get(matter.category_id or "")
    words: tuple[str, ...] = ()
    if chosen is None and found:
        chosen, words = by_code[found[0].code], found[0].words
    elif chosen is not None:
        # of a chosen first level the text still tells which child it is
        branch = next((one for one in found if chosen.code in {one.code, one.top}), None)
        if branch:
            chosen, words = by_code[branch.code], branch.words
    others = tuple(by_code[one.code] for one in found if chosen is None or one.code != chosen.code)
    unit = unit_for(chosen.unit_code, matter.area.path, units) if chosen else None
    days = chosen.working_days if chosen else DEFAULT_DAYS
    return Advice(chosen, unit, days, words, others)


def topics_of(rows: Iterable[Category]) -> list[Topic]:
    return [Topic(row.code, row.parent_id or row.code, tuple(row.keywords)) for row in rows]


def suggest_category(title: str, text: str) -> Suggestion | None:
    """The most likely category of a text; reads the categories once."""
    found = suggest(title, text, topics_of(queries.categories()), most=1)
    return found[0] if found else None


def unit_for(unit_code: str, path: str, units: Sequence[UnitLike]) -> UnitLike | None:
    """The unit that ``unit_code`` of a category means at the area ``path``; see ``reference/categories.yaml``.

    Of several the one of the nearest area: a village's before its township's, a township's before the county's.
    """
    for wanted in filter(None, unit_code.split("|")):
        near = [unit for unit in units if path.startswith(unit.area.path) and fits(unit, wanted)]
        if near:
            return max(near, key=lambda unit: (len(unit.area.path), -unit.id))
    return None


def fits(unit: UnitLike, wanted: str) -> bool:
    how, colon, what = wanted.partition(":")
    if not colon:
        return unit.code == wanted
    return unit.kind == what if how == "kind" else what in unit.name
