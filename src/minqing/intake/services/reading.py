"""A kept file as rows of a kind: which heading is which field, then batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.errors import SheetError
from minqing.core.sheets import Bounds, HeadingMatch, Sheet, day_of_serial, is_error, read_rows_apart
from minqing.core.text import one_line
from minqing.intake import storage
from minqing.intake.enums import Way
from minqing.intake.kinds import Row, Table, TableKind
from minqing.intake.models import ImportRun
from minqing.intake.services.layouts import letters, memories, understood, with_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 2_000
SHOWN_CHARACTERS = 60
LONGEST_CELL = 2_000
LONGEST_TEXT = 20_000
LONGEST_SHEET_NAME = 60
MOST_SHEETS = 50
USUAL = Bounds()


@dataclass
class Reading:
    """One file opened for one pass."""

    kind: TableKind
    sheet: Sheet
    match: HeadingMatch
    way: Way = Way.HEADINGS
    # rows in which the headings stand once more, as a program prints them on each page
    repeated: list[int] = field(default_factory=list)

    def require_columns(self) -> None:
        """Raise :class:`SheetError` when a column is missing without which no row can be right."""
        if not self.match.missing:
            return
        # as the template and the guide write them, and as they are to be written
        names = _(", ").join(field.synonyms[0] for field in self.match.missing)
        sentence = gettext_lazy(
            "These columns are missing: {names}. Say which column of the file holds them, or add them and try again."
        )
        raise SheetError("columns_missing", format_lazy(sentence, names=names))

    def mapping(self) -> dict[str, Any]:
        """What was understood, as it is shown and kept."""
        by_place = sorted((place, name) for name, place in self.match.columns.items())
        return {
            "sheet": self.sheet.name,
            "sheets": choice(self.sheet),
            "heading_row": self.sheet.heading_row,
            "headings": headings_of(self.sheet),
            "columns": [[self.heading(name), str(self.kind.column(name).label)] for _place, name in by_place],
            "unknown": [one_line(heading, SHOWN_CHARACTERS) for heading in self.match.unknown],
            "missing": [field.synonyms[0] for field in self.match.missing],
            "warnings": [*map(str, self.sheet.warnings), *self.doubles()],
        }

    def layout(self) -> dict[str, Any]:
        """By which the rows are read from now on."""
        return {"heading_row": self.sheet.heading_row, "columns": dict(self.match.columns), "by": str(self.way)}

    def doubles(self) -> list[str]:
        """A sentence for each heading that stands over several columns of which one is read."""
        told = []
        for place in self.match.columns.values():
            heading = self.sheet.headings[place]
            others = [n for n, other in enumerate(self.sheet.headings) if other == heading and n != place]
            if heading and not {*others} & {*self.match.columns.values()} and others:
                sentence = _("“{heading}” stands over several columns ({others}, {read}). Column {read} is read.")
                names = _(", ").join(map(letters, others))
                told.append(
                    sentence.format(heading=one_line(heading, SHOWN_CHARACTERS), others=names, read=letters(place))
                )
        return told

    @cached_property
    def moments(self) -> frozenset[str]:
        return frozenset(column.name for column in self.kind.columns if column.moment)

    @cached_property
    def places(self) -> list[tuple[str, int, bool]]:
        """Field name, column, whether it may look like a formula."""
        return [(name, place, self.kind.column(name).free) for name, place in self.match.columns.items()]

    def batches(self, size: int = BATCH) -> Iterator[list[Row]]:
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield batch

    def rows(self) -> Iterator[Row]:
        places = list(self.match.columns.values())
        headings = [self.sheet.headings[place] for place in places]
        for number, cells in self.sheet.rows:
            if any(headings) and [" ".join(cells[place].split()) for place in places] == headings:
                self.repeated.append(number)
            else:
                yield Row(number, cells)

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

    def problems_of(self, row: Row) -> list[dict[str, object]]:
        """The row's problems for the page: private values with most of them hidden."""
        return [
            {"row": row.number, "column": self.heading(name), "value": self.shown(name, row), "text": str(sentence)}
            for name, sentence in row.problems.items()
        ]

    def by_place(self, row: Row) -> tuple[Mapping[int, Any], str]:
        """Problems by column, and those of the row as a whole, for the marked-up workbook."""
        columns = self.match.columns
        places = {columns[name]: sentence for name, sentence in row.problems.items() if name in columns}
        rest = " ".join(str(sentence) for name, sentence in row.problems.items() if name not in columns)
        return places, rest

    def heading(self, name: str) -> str:
        if name in self.match.columns and (heading := self.sheet.headings[self.match.columns[name]]):
            return one_line(heading, SHOWN_CHARACTERS)
        return self.kind.column(name).synonyms[0] if name else ""

    def shown(self, name: str, row: Row) -> str:
        place = self.match.columns.get(name)
        return "" if place is None else self.masked(name, row.cells[place])

    def masked(self, name: str, text: str) -> str:
        mask = self.kind.column(name).mask
        text = one_line(printable(text), SHOWN_CHARACTERS)
        return mask(text) if mask else text


def open_run(run: ImportRun, kind: TableKind, by: Actor, bounds: Bounds = USUAL) -> Reading:
    """Raises :class:`SheetError` where the file cannot be read or is no longer there."""
    layout: dict[str, Any] = run.layout
    # once it is known which column is which, nothing that is remembered meanwhile changes it
    known = [] if layout.get("columns") else memories(kind, by)
    path = storage.path_of(run.stored)
    if not run.stored or not path.exists():
        raise SheetError("file_gone", gettext_lazy("The file is no longer kept here. Please bring it again."))
    sheet = read_rows_apart(
        path,
        # the one that was looked at, whatever fits best by now
        sheet=run.sheet or (layout.get("columns") and run.mapping.get("sheet")) or None,
        fields=with_words(kind.columns, [one.words for one in known]),
        heading_row=layout.get("heading_row", 0),
        columns=list(layout.get("columns", {}).values()),
        bounds=bounds,
    )
    match, way = understood(headings_of(sheet), kind, layout, known)
    return Reading(kind, sheet, match, way)


def headings_of(sheet: Sheet) -> list[str]:
    return [one_line(printable(heading), SHOWN_CHARACTERS) for heading in sheet.headings]


def column_name(place: int, heading: str) -> str:
    words = {"letter": letters(place), "heading": heading}
    return _("Column %(letter)s: %(heading)s") % words if heading else _("Column %(letter)s, without heading") % words


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
