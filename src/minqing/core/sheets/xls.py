"""xls, of old Excel and of WPS, read as a whole by xlrd, and therefore only up to a size.

Ten million cells take 150 MB, and no more are taken. A formula always carries its last value here, for the
format has no way to leave it out; the text of the formula is not looked at.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import xlrd

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import protected, too_large
from minqing.core.sheets.biff import only_cells
from minqing.core.sheets.cells import cell_text
from minqing.core.sheets.compound import Compound
from minqing.core.sheets.headings import SEARCHED_ROWS
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.number_formats import BUILT_IN, format_number
from minqing.core.sheets.package import MOST_IN_FORMAT, MOST_PAGES
from minqing.core.sheets.sources import Fit, Source, choose_sheet, of_an_old_kind

# a cell that names one takes fourteen bytes
MOST_TEXTS = 2_000_000
_ENCRYPTED = "Workbook is encrypted"


def open_xls(path: Path, sheet: str | None, limits: Limits, fit: Fit) -> Source:
    of_an_old_kind(path, limits)
    try:
        return _open(path, sheet, limits, fit)
    except (SheetError, MemoryError):
        raise
    except xlrd.XLRDError as error:
        raise protected() if _ENCRYPTED in str(error) else SheetError("sheet_damaged") from error
    # xlrd trusts what is written: broken bytes lead it to assertions, missing keys, lines without end, anything
    except Exception as error:
        raise SheetError("sheet_damaged") from error


def _open(path: Path, sheet: str | None, limits: Limits, fit: Fit) -> Source:
    content = path.read_bytes()
    # an xlsx with a password is wrapped in the same container
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise protected()
    container = Compound(content)
    # what was saved for Excel 95 and 97 at once holds both; the newer one is the whole
    records = only_cells(container.read("Workbook" if "workbook" in container.streams else "Book"))
    if records.cells > limits.whole_cells or len(records.sheets) > MOST_PAGES or records.texts > MOST_TEXTS:
        raise too_large()
    if not records.sound:
        raise SheetError("sheet_damaged")
    book = xlrd.open_workbook(
        file_contents=bytes(records.content),
        logfile=_Nowhere(),
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
    )
    read = Cells(book, _formats(book), limits)
    pages = {name: read.glance(place) for place, name in enumerate(book.sheet_names())}
    name = choose_sheet(
        list(pages), [visible for visible, _head in pages.values()], sheet, lambda name: fit(pages[name][1])
    )
    page = book.sheet_by_name(name)
    book.release_resources()
    seen = [name for name, (visible, _head) in pages.items() if visible]
    return Source(name, read.rows(page), from_1904=book.datemode == 1, sheets=seen)


def _formats(book: Any) -> list[str]:
    """The code of the number format of each cell style, in their order."""
    # no program writes a longer one, and none is read in the time of a short one
    own = {one.format_key: one.format_str[:MOST_IN_FORMAT] for one in book.format_list}
    return [own.get(style.format_key) or BUILT_IN.get(str(style.format_key), "") for style in book.xf_list]


@dataclass
class Cells:
    """Rows of cells as the texts that a person sees."""

    book: Any
    formats: list[str]
    limits: Limits

    def glance(self, place: int) -> tuple[bool, list[list[str]]]:
        """Whether a sheet is shown, and its first rows. It is dropped again: one at a time is held."""
        page = self.book.sheet_by_index(place)
        self.book.unload_sheet(place)
        return page.visibility == 0, list(islice(self.rows(page), SEARCHED_ROWS))

    def rows(self, page: Any) -> Generator[list[str], None, None]:
        for row in range(page.nrows):
            kinds = page.row_types(row, 0, self.limits.columns)
            values = page.row_values(row, 0, self.limits.columns)
            yield [
                self._text(page, row, column, kind, value)
                for column, (kind, value) in enumerate(zip(kinds, values, strict=True))
            ]

    def _text(self, page: Any, row: int, column: int, kind: int, value: Any) -> str:
        if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
            style = page.cell_xf_index(row, column)
            code = self.formats[style] if style < len(self.formats) else ""
            return format_number(value, code, from_1904=self.book.datemode == 1) if code else cell_text(value)
        if kind == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(value, "#N/A"))
        return cell_text(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)


class _Nowhere:
    """xlrd tells of every oddity, by default on the standard output."""

    def write(self, text: str) -> None:
        """Nobody reads it."""
