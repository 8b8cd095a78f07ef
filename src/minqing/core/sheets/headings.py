"""Which column is which: headings as clerks write them against the fields that an import knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from minqing.core.characters import nfkc
from minqing.core.sheets.meanings import in_all_languages

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# how far down the title may push the headings
SEARCHED_ROWS = 10
# and how far down a person may say that they stand
LOWEST_HEADINGS = 50
# with its notes in brackets; a longer text is no heading, and is not looked through for one
LONGEST_HEADING = 500
# the column that marking.py adds, in every language of the interface
PROBLEM_HEADINGS = frozenset({"问题", "問題", "problem"})
_BRACKETS = re.compile(r"[(\[{<【〔「《][^(\[{<【〔「《)\]}>】〕」》]*[)\]}>】〕」》]")
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A column an import wants: ``name`` in code, ``label`` for people, ``synonyms`` in clerks' headings.

    A required one is not missed where there is the column ``instead``.
    """

    name: str
    synonyms: Sequence[str] = ()
    required: bool = False
    label: StrOrPromise = ""
    instead: str = field(default="", kw_only=True)

    def keys(self) -> frozenset[str]:
        """Its name, what clerks call it, and its label in every language: a template is filled in by anybody."""
        labels = in_all_languages(self.label) if self.label else []
        return frozenset(key for text in (self.name, *labels, *self.synonyms) if (key := _key(text)))


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """``columns``: field name → column (from 0); ``missing``: required fields not found; ``unknown``: headings."""

    columns: dict[str, int]
    missing: tuple[Field, ...]
    unknown: tuple[str, ...]

    def cell(self, row: Sequence[str], name: str) -> str:
        """The field's text in ``row``, empty when the column is not there."""
        column = self.columns.get(name)
        return row[column] if column is not None and column < len(row) else ""


def match_headings(headings: Sequence[str], fields: Sequence[Field]) -> HeadingMatch:
    """Spaces, line breaks, asterisks, colons and notes in brackets do not matter: ``联系电话（必填）*``.

    A heading that fits with its bracket goes before one that fits only without, else the leftmost wins; of two
    columns for one field the second is unknown.
    """
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for simplify in (_key, bare):
        keys = [simplify(heading) for heading in headings]
        for one in fields:
            if one.name in columns:
                continue
            wanted = one.keys()
            found = next((i for i, key in enumerate(keys) if key in wanted and i not in taken), None)
            if found is not None:
                columns[one.name] = found
                taken.add(found)
    unknown = tuple(
        heading
        for i, heading in enumerate(headings)
        if i not in taken and bare(heading) and bare(heading) not in PROBLEM_HEADINGS
    )
    missing = tuple(one for one in fields if one.required and not {one.name, one.instead} & columns.keys())
    return HeadingMatch(columns, missing, unknown)


def find_heading_row(rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> int | None:
    """The place in ``rows`` of the headings below a sheet's title; ``None`` when there are only blank rows.

    With ``fields`` the row that knows most of them, else the first that is not much emptier than the fullest.
    """
    if fields:
        known = [len(match_headings(row, fields).columns) for row in rows]
        if any(known):
            return known.index(max(known))
    filled = [len({cell for cell in row if cell.strip()}) for row in rows]
    if not any(filled):
        return None
    return next(i for i, count in enumerate(filled) if count and count * 2 >= max(filled))


def join_headings(
    rows: Sequence[Sequence[str]], place: int, fields: Sequence[Field], *, below: bool = True
) -> tuple[int, Sequence[str]]:
    """The headings at ``place``, with those of the row beside it where they stand on two rows, and the last such row.

    Under 反映人 over two columns stand 姓名 and 电话, beside it headings that are merged downwards: of each column the
    lower text counts. Two rows are taken for one heading only when together they name more of ``fields``. Without
    ``below`` the row at ``place`` is the last of them.
    """
    best, best_place = rows[place], place
    known = len(match_headings(best, fields).columns)
    for upper in (place - 1, place) if below else (place - 1,):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        joined = [lower or higher for higher, lower in zip_longest(rows[upper], rows[upper + 1], fillvalue="")]
        if (more := len(match_headings(joined, fields).columns)) > known:
            best, best_place, known = joined, upper + 1, more
    return best_place, best


# a workbook may have the same headings on each of a thousand sheets (tests/core/test_sheets_costly.py)
@lru_cache(maxsize=1000)
def bare(heading: str) -> str:
    """``heading`` without notes in brackets, unless it is nothing but a bracket."""
    if len(heading) > LONGEST_HEADING:
        return ""
    return _key(_BRACKETS.sub("", nfkc(heading))) or _key(heading)


@lru_cache(maxsize=1000)
def _key(heading: str) -> str:
    return _NOISE.sub("", nfkc(heading)).casefold() if len(heading) <= LONGEST_HEADING else ""
