"""A kept file as rows of a kind: which heading is which field, then batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.errors import SheetError
from minqing.core.sheets import HeadingMatch, Sheet, day_of_serial, is_error, match_headings, read_rows_apart
from minqing.core.text import one_line
from minqing.intake import storage
from minqing.intake.kinds import Kind, Row, Table
from minqing.intake.models import ImportRun

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 2_000
SHOWN_CHARACTERS = 60
LONGEST_CELL = 2_000
LONGEST_TEXT = 20_000
LONGEST_SHEET_NAME = 60
MOST_SHEETS = 50


@dataclass
class Reading:
    """One file opened for one pass."""

    kind: Kind
    sheet: Sheet
    match: HeadingMatch

    def require_columns(self) -> None:
        """Raise :class:`SheetError` when a column is missing without which no row can be right."""
        if not self.match.missing:
            return
        # as the template and the guide write them, and as they are to be written
        names = _(", ").join(field.synonyms[0] for field in self.match.missing)
        sentence = gettext_lazy("These columns are missing: {names}. Add them to the headings and try again.")
        raise SheetError("columns_missing", format_lazy(sentence, names=names))

    def mapping(self) -> dict[str, Any]:
        """What was understood, as it is shown and kept."""
        labels = {self.sheet.headings[place]: name for name, place in self.match.columns.items()}
        columns = [
            [one_line(heading, SHOWN_CHARACTERS), str(self.kind.column(labels[heading]).label)]
            for heading in self.sheet.headings
            if heading in labels
        ]
        return {
            "sheet": self.sheet.name,
            "sheets": choice(self.sheet),
            "heading_row": self.sheet.heading_row,
            "columns": columns,
            "unknown": [one_line(heading, SHOWN_CHARACTERS) for heading in self.match.unknown],
            "missing": [field.synonyms[0] for field in self.match.missing],
            "warnings": [str(warning) for warning in self.sheet.warnings],
        }

    @cached_property
    def moments(self) -> frozenset[str]:
        return frozenset(column.name for column in self.kind.columns if column.moment)

    @cached_property
    def places(self) -> list[tuple[str, int, bool]]:
        """Field name, column, whether it may look like a formula."""
        return [(name, place, self.kind.column(name).free) for name, place in self.match.columns.items()]

    def batches(self, size: int = BATCH) -> Iterator[list[Row]]:
        rows = self.sheet.rows
        while batch := [Row(number, cells) for number, cells in islice(rows, size)]:
            yield batch

    def check(self, table: Table, row: Row) -> None:
        """The kind's check, behind what holds for every kind."""
        told: dict[str, StrOrPromise] = {}
        cell: dict[str, str] = {column.name: "" for column in self.kind.columns}
        for name, place, free in self.places:
            text = row.cells[place]
            if name in self.moments:
                text = day_of_serial(text, from_1904=self.sheet.from_1904)
            cell[name] = text
            if not text:
                continue
            if is_error(text):
                told[name] = format_lazy(
                    gettext_lazy(
                        "This cell holds an error of the spreadsheet ({error}) and no value. Correct or empty it."
                    ),
                    error=text,
                )
            elif text[0] == "=" and not free:
                told[name] = gettext_lazy("This cell holds a formula. Copy it and paste it back as a value.")
            elif len(text) > (LONGEST_TEXT if free else LONGEST_CELL):
                told[name] = gettext_lazy("This text is far too long for a cell. Please shorten it.")
            elif not text.isprintable() and not encodable(text):
                told[name] = gettext_lazy("This cell holds a damaged character. Please type it again.")
        # all that is wrong is told at once; what no cell can be goes before what its kind says of it
        table.check(row, cell)
        row.problems |= told

    def problems_of(self, row: Row) -> list[dict[str, Any]]:
        """The row's problems for the page: private values with most of them hidden."""
        return [
            {"row": row.number, "column": self.heading(name), "value": self._shown(name, row), "text": str(sentence)}
            for name, sentence in row.problems.items()
        ]

    def by_place(self, row: Row) -> tuple[Mapping[int, Any], str]:
        """Problems by column, and those of the row as a whole, for the marked-up workbook."""
        columns = self.match.columns
        places = {columns[name]: sentence for name, sentence in row.problems.items() if name in columns}
        rest = " ".join(str(sentence) for name, sentence in row.problems.items() if name not in columns)
        return places, rest

    def heading(self, name: str) -> str:
        if name in self.match.columns:
            return one_line(self.sheet.headings[self.match.columns[name]], SHOWN_CHARACTERS)
        return self.kind.column(name).synonyms[0] if name else ""

    def _shown(self, name: str, row: Row) -> str:
        place = self.match.columns.get(name)
        if place is None:
            return ""
        mask = self.kind.column(name).mask
        text = one_line(printable(row.cells[place]), SHOWN_CHARACTERS)
        return mask(text) if mask else text


def open_run(run: ImportRun, kind: Kind) -> Reading:
    """Raises :class:`SheetError` where the file cannot be read or is no longer there."""
    path = storage.path_of(run.stored)
    if not run.stored or not path.exists():
        raise SheetError("file_gone", gettext_lazy("The file is no longer kept here. Please bring it again."))
    sheet = read_rows_apart(path, sheet=run.sheet or None, fields=kind.columns)
    return Reading(kind, sheet, match_headings(sheet.headings, kind.columns))


def choice(sheet: Sheet) -> list[str]:
    """The sheets among which a person may choose; none where there is no choice."""
    names = [name for name in sheet.sheets if name and len(name) <= LONGEST_SHEET_NAME]
    return names[:MOST_SHEETS] if len(names) > 1 else []


def encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
