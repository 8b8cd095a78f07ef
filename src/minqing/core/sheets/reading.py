"""Reading a file of rows, whatever program wrote it."""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import clean
from minqing.core.errors import SheetError
from minqing.core.sheets import archive
from minqing.core.sheets.csvfile import open_csv
from minqing.core.sheets.headings import (
    PROBLEM_HEADINGS,
    SEARCHED_ROWS,
    Field,
    bare,
    find_heading_row,
    join_headings,
    match_headings,
)
from minqing.core.sheets.limits import DEFAULT, Limits
from minqing.core.sheets.ods import open_ods
from minqing.core.sheets.package import is_workbook
from minqing.core.sheets.sources import Fit, Source
from minqing.core.sheets.xlsx import open_xlsx

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK"
# in the first rows of all sheets together, to find the one whose headings fit
GLANCED_CHARACTERS = 500_000


@dataclass(slots=True)
class Sheet:
    """One sheet: its headings, then its rows as they come.

    ``rows`` yields ``(row number in the file, from 1; texts, one per heading)``, blank rows left out, and may
    raise :class:`SheetError` on the way, because a file is only read as far as it is asked for.
    ``warnings`` are sentences for the person who brought the file; ``sheets``, what is shown in it to choose among.
    """

    name: str
    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]
    heading_row: int
    warnings: list[StrOrPromise] = field(default_factory=list)
    from_1904: bool = False
    sheets: Sequence[str] = ()


def read_rows(
    path: str | Path,
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT,
    fields: Sequence[Field] = (),
    heading_row: int = 0,
    columns: Sequence[int] = (),
) -> Sheet:
    """Open xlsx, xlsm, xls, ods or CSV, known by its content and not by its name.

    The headings are looked for in the first ten rows, below a title if there is one; ``fields`` make that sure, and a
    ``heading_row`` (from 1) says it. ``columns`` are those without which a row is blank, where a person has named them.
    A last column 问题, which :func:`write_marked_up` adds, is left out unless a field claims it.
    Raises :class:`SheetError`.
    """
    source = _open(Path(path), sheet, limits, fields)
    source.rows = _counted(source.rows, limits.characters + limits.characters_a_byte * archive.unpacked(Path(path)))
    head = list(islice(source.rows, max(SEARCHED_ROWS, heading_row)))
    try:
        place, texts = _headings(head, fields, heading_row)
    except SheetError:
        source.rows.close()
        raise
    headings = _trimmed(texts)
    if headings:
        _check_lengths(headings, place + 1, limits)
    if _added_by_marking(headings, fields):
        del headings[-1]
    rows = chain(head[place + 1 :], source.rows)
    # a row is blank where the columns that are looked for are: numbers filled down to the end say nothing
    known: Sequence[int] = columns or list(match_headings(headings, fields).columns.values()) or range(len(headings))
    return Sheet(
        name=source.name,
        headings=headings,
        rows=_numbered(source, rows, first=place + 2, headings=headings, known=known, limits=limits),
        heading_row=place + 1,
        warnings=source.warnings,
        from_1904=source.from_1904,
        sheets=source.sheets,
    )


def _headings(head: Sequence[Sequence[str]], fields: Sequence[Field], heading_row: int) -> tuple[int, Sequence[str]]:
    """The place of the row below which the data begin, and the headings."""
    if not any(cell.strip() for row in head for cell in row):
        raise SheetError("sheet_empty", _("There are no rows on this sheet."))
    if not heading_row:
        return join_headings(head, find_heading_row(head, fields) or 0, fields)
    if heading_row > len(head) or not any(cell.strip() for cell in head[heading_row - 1]):
        sentence = _("Row {row} is empty, so no headings stand there. Choose another row.")
        raise SheetError("heading_row_empty", format_lazy(sentence, row=heading_row), row=heading_row)
    return join_headings(head, heading_row - 1, fields, below=False)


def _open(path: Path, sheet: str | None, limits: Limits, fields: Sequence[Field]) -> Source:
    if path.stat().st_size > limits.file_bytes:
        raise archive.too_large()

    left = GLANCED_CHARACTERS

    def fit(rows: Iterable[Sequence[str]]) -> int:
        nonlocal left
        # a sheet on which nothing stands is none to be read, even where no other one fits
        best = -1
        for row in islice(rows, SEARCHED_ROWS if left > 0 else 0):
            left -= sum(map(len, row))
            if left < 0:
                break
            if any(cell.strip() for cell in row):
                best = max(best, len(match_headings(row, fields).columns))
        return best

    with path.open("rb") as stream:
        start = stream.read(2048)
    if start.startswith(_ZIP):
        return _open_zip(path, sheet, limits, fit)
    if start.startswith(_OLE):
        # xlrd is loaded by whoever meets such a file
        from minqing.core.sheets.xls import open_xls

        return open_xls(path, sheet, limits, fit)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise SheetError(
            "sheet_web_page",
            _("This file is a web page with the name of a workbook. Open it, save it as .xlsx and try again."),
        )
    return open_csv(path, limits, fields)


def _open_zip(path: Path, sheet: str | None, limits: Limits, fit: Fit) -> Source:
    names = archive.inspect(path, limits)
    if {"content.xml", "encrypted-package"} & set(names):
        return open_ods(path, sheet, limits, fit)
    with zipfile.ZipFile(path) as opened:
        book = is_workbook(opened)
    if book:
        return open_xlsx(path, names, sheet, limits, fit)
    raise SheetError("sheet_unknown_kind", _("This kind of file cannot be read. Save it as .xlsx and try again."))


def _numbered(
    source: Source,
    rows: Iterator[list[str]],
    *,
    first: int,
    headings: Sequence[str],
    known: Sequence[int],
    limits: Limits,
) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something in one of the ``known`` columns."""
    width = len(headings)
    known = [place for place in known if place < width]
    # closed at once, also after an error, whose traceback would else keep the file open
    with closing(source.rows):
        for number, row in enumerate(rows, first):
            if number > limits.rows:
                raise archive.too_large()
            cells = [clean(text) for text in row[:width]]
            cells += [""] * (width - len(cells))
            if any(cells[place] for place in known):
                _check_lengths(cells, number, limits)
                yield number, cells


def _counted(rows: Generator[list[str], None, None], most: int) -> Generator[list[str], None, None]:
    """One long text that stands in every cell is written once in the file."""
    count = 0
    with closing(rows):
        for row in rows:
            count += sum(map(len, row))
            if count > most:
                raise archive.too_large()
            yield row


def _check_lengths(cells: list[str], number: int, limits: Limits) -> None:
    if max(map(len, cells)) > limits.cell_characters:
        raise SheetError(
            "sheet_cell_too_long",
            format_lazy(_("A cell in row {row} is too long. Shorten it and try again."), row=number),
            row=number,
        )


def _added_by_marking(headings: list[str], fields: Sequence[Field]) -> bool:
    """Whether the last column tells problems, and is not one that the import itself knows by that name."""
    if len(headings) < 2 or bare(headings[-1]) not in PROBLEM_HEADINGS:
        return False
    return len(headings) - 1 not in match_headings(headings, fields).columns.values()


def _trimmed(row: Sequence[str]) -> list[str]:
    end = max((i for i, cell in enumerate(row) if cell.strip()), default=-1) + 1
    return [" ".join(clean(cell).split()) for cell in row[:end]]
