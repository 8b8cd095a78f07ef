"""The first rows of a table as they are understood before it is loaded: read when somebody looks, kept nowhere."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from minqing.core.actor import Actor
from minqing.core.sheets import Bounds
from minqing.intake.kinds import KINDS, Column, Row, TableKind
from minqing.intake.models import ImportRun
from minqing.intake.services.checking import check_batch
from minqing.intake.services.layouts import Columns, match_of
from minqing.intake.services.reading import Reading, column_name, headings_of, open_run
from minqing.intake.storage.seen_keys import seen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS: Final = 5
# somebody waits for the page: a table that takes longer is checked all the same, by a job
BOUNDS: Final = Bounds(seconds=8, seconds_a_mb=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the row ``number`` as it is understood; ``written``: what stands in the file, if that is otherwise."""

    number: int
    text: str
    written: str = ""
    wrong: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field over the first rows. ``heading`` is that of its column, empty where it is not imported."""

    column: Column
    heading: str
    cells: list[Shown]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows field by field, and by their ``numbers`` what is ``wrong`` with one as a whole."""

    numbers: list[int]
    lines: list[FieldPreview]
    wrong: list[tuple[int, StrOrPromise]]


def read_otherwise(run: ImportRun, sheet: str, heading_row: int) -> ImportRun:
    """The run as it would be with another sheet or another row of headings; itself where they are the same."""
    same = sheet in {"", run.mapping.get("sheet")} and heading_row in {0, run.mapping.get("heading_row")}
    if same:
        return run
    asked = copy(run)
    asked.sheet, asked.layout = sheet, {"heading_row": heading_row}
    return asked


@contextmanager
def opened(run: ImportRun, by: Actor) -> Iterator[Reading]:
    """The file for a look at its top. Raises :class:`SheetError` where that cannot be had in the time of a page."""
    reading = open_run(run, KINDS.of(run.kind), by, BOUNDS)
    with closing(cast("Generator[Any, None, None]", reading.sheet.rows)):
        yield reading


def preview_of(reading: Reading, by: Actor, columns: Columns | None = None) -> Preview:
    """The first rows, with ``columns`` as somebody would have them, else as they were understood."""
    if columns is not None:
        match = match_of(headings_of(reading.sheet), reading.kind.columns, columns)
        reading = Reading(reading.kind, reading.sheet, match)
    rows = list(islice(reading.rows(), ROWS))
    told = looked_at(reading, rows, by)
    lines = [line_of(reading, column, rows, told) for column in reading.kind.columns]
    wrong = [(row.number, row.problems[""]) for row in rows if row.problems.get("")]
    return Preview([row.number for row in rows], lines, wrong)


def looked_at(reading: Reading, rows: list[Row], by: Actor) -> list[Mapping[str, str]]:
    """Checks the rows as the dry run would; what each row that is understood says, by field."""
    kind: TableKind = reading.kind
    with seen() as book:
        table = kind.opened(by, book)
        check_batch(reading, table, rows, by)
        return [{} if row.data is None else table.understood(row) for row in rows]


def line_of(reading: Reading, column: Column, rows: list[Row], told: list[Mapping[str, str]]) -> FieldPreview:
    name, cells = column.name, []
    for row, words in zip(rows, told, strict=True):
        written = reading.shown(name, row)
        text = reading.masked(name, words[name]) if words.get(name) else written
        wrong = row.problems.get(name, "") or row.remarks.get(name, "")
        cells.append(Shown(row.number, text, written if written != text else "", wrong))
    place = reading.match.columns.get(name)
    heading = "" if place is None else column_name(place, headings_of(reading.sheet)[place])
    return FieldPreview(column, heading, cells)
