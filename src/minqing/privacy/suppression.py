"""Which counts of a table may be published, so that nobody works out a small one. Pure: no Django, no database.

Cell suppression of statistical disclosure control: Cox, "Suppression methodology and statistical disclosure control",
JASA 75 (1980) 377-385; Fischetti and Salazar, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47 (2001) 1008-1027; Hundepool et al., "Statistical Disclosure Control" (Wiley 2012),
chapter 4.

*Primary*: counts from 1 to threshold-1 are withheld. A zero stays: it tells of nobody. *Secondary*: others are
withheld until two whole-number tables exist, both in agreement with everything that is shown, between which each
withheld count differs by more than the threshold. These witnesses are looked for by integer programming. Which
others is a heuristic (no second withheld count in a line: the cheapest neighbour), whether they are enough is not.

What is withheld looks the same whatever the reason: "fewer than ten" would tell that a count is small, and leave an
interval of nine. Not covered: somebody who knows a part of the counts, or reasons from this algorithm's own choices.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final, TypeAlias

THRESHOLD: Final = 10
# the code of a dimension's total; what is withheld is shown as WITHHELD
TOTAL: Final = ""
WITHHELD: Final = "–"
# how far from the truth witnesses are looked for, in thresholds: a smaller room can only make us more careful
ROOM: Final = 20
# below so many, or when a step widened less than a twentieth, the rest is looked at one by one
FEW: Final = 4
ENOUGH: Final = 0.95

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """``total`` is the sum of ``parts``: what everybody knows who reads the table."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Table:
    """Counts of cells and margins, whole numbers from 0, with the sums that hold between them."""

    counts: Mapping[Key, int]
    relations: tuple[Relation, ...]


def flat(codes: Iterable[str]) -> dict[str, str]:
    """A dimension without levels: every code lies directly under the total."""
    return dict.fromkeys(codes, TOTAL)


def tabulate(counts: Mapping[Key, int], dimensions: Sequence[Mapping[str, str]]) -> Table:
    """A table with all its margins. Each dimension maps a code to the code above it, in the end :data:`TOTAL`.

    ``counts`` are of the codes below which nothing lies (village, not township); those not named are zero. Raises
    ValueError for a count below zero or of a code that is not lowest.
    """
    children = [children_of(dimension) for dimension in dimensions]
    cells = dict.fromkeys(product(*([TOTAL, *dimension] for dimension in dimensions)), 0)
    for key, count in counts.items():
        if count < 0 or len(key) != len(dimensions) or any(c not in d for c, d in zip(key, dimensions, strict=True)):
            raise ValueError("a count below zero, or of an unknown code")
        if any(code in below for code, below in zip(key, children, strict=True)):
            raise ValueError("counts are given for the lowest codes; sums are made here")
        for cell in product(*(chain(code, dimension) for code, dimension in zip(key, dimensions, strict=True))):
            cells[cell] += count
    return Table(cells, tuple(relations_of(dimensions, children)))


def children_of(dimension: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, above in dimension.items():
        found.setdefault(above, []).append(code)
    return found


def chain(code: str, dimension: Mapping[str, str]) -> list[str]:
    """The code and all above it, the total last."""
    found = [code]
    while found[-1] != TOTAL:
        found.append(dimension[found[-1]])
    return found


def relations_of(
    dimensions: Sequence[Mapping[str, str]], children: Sequence[Mapping[str, Sequence[str]]]
) -> Iterable[Relation]:
    """Every sum along one dimension, for each combination of the others' codes."""
    codes = [[TOTAL, *dimension] for dimension in dimensions]
    for place, below in enumerate(children):
        for before, after in product(product(*codes[:place]), product(*codes[place + 1 :])):
            for above, parts in below.items():
                yield Relation((*before, above, *after), tuple((*before, part, *after) for part in parts))


def protect(table: Table, *, hidden: Collection[Key] = (), threshold: int = THRESHOLD) -> frozenset[Key]:
    """The keys to withhold: ``hidden`` ones (never shown, yet not to be derived), small ones and their company.

    What was shown to be safe stays so while more is withheld. In the worst case everything is, which is safe.
    """
    withheld = set(hidden) | {key for key, count in table.counts.items() if 0 < count < threshold}
    never_shown = frozenset(hidden)
    lines = lines_of(table)
    audit = Audit(table, threshold)
    while True:
        wanted = [key for key in sorted(withheld) if key not in never_shown or 0 < table.counts[key] < threshold]
        added = alone(table, wanted, withheld, lines)
        if not added and (weak := audit.weak(withheld, wanted)):
            added = {helper} if (helper := nearby(table, weak, withheld, lines)) else set()
        if not added:
            return frozenset(withheld)
        withheld |= added


def alone(
    table: Table, wanted: Iterable[Key], withheld: Collection[Key], lines: Mapping[Key, Sequence[Relation]]
) -> set[Key]:
    """Company for each of ``wanted`` that is the only one withheld in a sum: it would be found by subtraction."""
    found = set()
    for key in wanted:
        for line in lines.get(key, ()):
            if not any(one in withheld for one in line.members if one != key):
                found.add(cheapest(table, line.members, withheld, lines))
    return {key for key in found if key is not None}


def lines_of(table: Table) -> dict[Key, list[Relation]]:
    found: dict[Key, list[Relation]] = {}
    for relation in table.relations:
        for key in relation.members:
            found.setdefault(key, []).append(relation)
    return found


def cheapest(
    table: Table, keys: Iterable[Key], withheld: Collection[Key], lines: Mapping[Key, Sequence[Relation]]
) -> Key | None:
    """The key whose withholding costs least: no zero, no margin, opening few new lines, small."""

    def cost(key: Key) -> tuple[bool, int, int, int, Key]:
        opened = sum(not any(one in withheld for one in line.members) for line in lines[key])
        return table.counts[key] == 0, sum(code == TOTAL for code in key), opened, table.counts[key], key

    return min((key for key in keys if key not in withheld), key=cost, default=None)


def nearby(table: Table, start: Key, withheld: Collection[Key], lines: Mapping[Key, Sequence[Relation]]) -> Key | None:
    """The cheapest key still shown, as few sums away from ``start`` as possible; None when none is left."""
    seen, edge = {start}, [start]
    while edge:
        around = {key for one in edge for line in lines.get(one, ()) for key in line.members} - seen
        if found := cheapest(table, around, withheld, lines):
            return found
        seen |= around
        edge = sorted(around)
    return None


class Audit:
    """The least and the most that each count was found to be in tables that agree with everything shown.

    Each whole-number solution is a witness for all counts at once, and stays one when more is withheld.
    """

    def __init__(self, table: Table, threshold: int) -> None:
        self.table, self.threshold = table, threshold
        self.low, self.high = dict(table.counts), dict(table.counts)
        # the same table is published in the same way each time
        self.random = Random(0)  # noqa: S311

    def is_narrow(self, key: Key) -> bool:
        return self.high[key] - self.low[key] <= self.threshold

    def weak(self, withheld: Collection[Key], wanted: Sequence[Key]) -> Key | None:
        """The first of ``wanted`` that cannot differ by more than the threshold; None when all can."""
        narrow = [key for key in wanted if self.is_narrow(key)]
        if not narrow:
            return None
        search = Search(self.table, sorted(withheld), room=ROOM * self.threshold)
        # a step in a random direction widens many at once; what is left is looked at one by one
        while len(narrow) > FEW:
            before = len(narrow)
            self.learn(search, {key: self.random.choice((-1.0, 1.0)) for key in narrow})
            narrow = [key for key in narrow if self.is_narrow(key)]
            if len(narrow) > before * ENOUGH:
                break
        for key in narrow:
            for sign in (-1.0, 1.0):
                if self.is_narrow(key):
                    self.learn(search, {key: sign})
            if self.is_narrow(key):
                return key
        return None

    def learn(self, search: Search, aim: Mapping[Key, float]) -> None:
        for key, value in search.run(aim).items():
            self.low[key] = min(self.low[key], value)
            self.high[key] = max(self.high[key], value)


class Search:
    """Integer programs over the withheld counts: not negative, and every sum as it is shown."""

    def __init__(self, table: Table, unknown: Sequence[Key], *, room: int) -> None:
        # read by the few processes that publish, not by every worker
        import numpy as np
        from scipy.optimize import Bounds

        self.unknown = unknown
        self.place = {key: n for n, key in enumerate(unknown)}
        truth = np.array([table.counts[key] for key in unknown], dtype=float)
        self.bounds = Bounds(np.maximum(truth - room, 0), truth + room)
        self.sums = equations(table, self.place)

    def run(self, aim: Mapping[Key, float]) -> dict[Key, int]:
        """The table that makes ``aim`` least; empty where the solver found none."""
        import numpy as np
        from scipy.optimize import milp

        weights = np.zeros(len(self.unknown))
        for key, weight in aim.items():
            weights[self.place[key]] = weight
        whole = np.ones(len(self.unknown))
        found = milp(weights, constraints=self.sums, integrality=whole, bounds=self.bounds, options={"time_limit": 10})
        return {} if found.x is None else dict(zip(self.unknown, (round(x) for x in found.x), strict=True))


def equations(table: Table, place: Mapping[Key, int]) -> object:
    """The sums in which something is withheld, as a constraint on the withheld counts."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    known: list[float] = []
    for relation in table.relations:
        if not any(key in place for key in relation.members):
            continue
        left = 0
        for key in relation.members:
            sign = -1 if key == relation.total else 1
            if key in place:
                rows.append(len(known))
                columns.append(place[key])
                signs.append(float(sign))
            else:
                left -= sign * table.counts[key]
        known.append(float(left))
    matrix = csr_array((signs, (rows, columns)), shape=(len(known), len(place)))
    return LinearConstraint(matrix, known, known)


def release(table: Table, *, hidden: Collection[Key] = (), threshold: int = THRESHOLD) -> dict[Key, int | None]:
    """What may be published: every count that is not hidden, None where it is withheld."""
    withheld = protect(table, hidden=hidden, threshold=threshold)
    never = frozenset(hidden)
    return {key: None if key in withheld else count for key, count in table.counts.items() if key not in never}


def percent(part: int | None, whole: int | None) -> int | None:
    """A rate in whole per cent; None unless both counts are shown and there is something to divide by.

    Never 100 while something is missing, never 0 while there is something.
    """
    if part is None or not whole:
        return None
    rounded = round(part * 100 / whole)
    return min(rounded, 99) if part < whole and rounded == 100 else max(rounded, 1) if part else 0
