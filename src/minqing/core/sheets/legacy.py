"""xls and ods, read as a whole by calamine, and therefore only up to a size.

An xls cannot have more than 65,536 × 256 cells, half a gigabyte at the worst.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

import python_calamine
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import DAMAGED, protected, too_large
from minqing.core.sheets.cells import cell_text
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.sources import Fit, Source, choose_sheet

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def open_legacy(path: Path, sheet: str | None, limits: Limits, fit: Fit) -> Source:
    if path.stat().st_size > limits.whole_bytes:
        raise SheetError(
            "sheet_too_large",
            _("A file of this old kind is too large to be read. Save it as .xlsx and try again."),
            http_status=413,
        )
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        visible = [meta.visible == python_calamine.SheetVisibleEnum.Visible for meta in book.sheets_metadata]
        name = choose_sheet(book.sheet_names, visible, sheet, lambda name: fit(_rows(book.get_sheet_by_name(name))))
        found = book.get_sheet_by_name(name)
    except python_calamine.PasswordError as error:
        raise protected() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SheetError("sheet_damaged") from error
    return Source(name, _rows(found))


def check_repeats(path: Path, limits: Limits) -> None:
    """An ods writes equal cells once with a number of repeats, a billion cells in a line. Count before reading."""
    line = height = width = 0
    try:
        with zipfile.ZipFile(path) as book, book.open("content.xml") as stream:
            # document types were refused before, so no entity can blow this up
            for _event, row in iterparse(stream):  # noqa: S314
                if row.tag != f"{_TABLE}table-row":
                    continue
                used = _used_width(row)
                line += int(row.get(f"{_TABLE}number-rows-repeated", "1"))
                # blank rows at the end are not kept, those in between are
                height = line if used else height
                width = max(width, used)
                row.clear()
                if height * width > limits.whole_cells:
                    raise too_large()
    except DAMAGED as error:
        raise SheetError("sheet_damaged") from error


def _used_width(row: Element) -> int:
    """Columns up to the last cell that holds something; blank ones behind it are not kept."""
    column = used = 0
    for cell in row:
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if len(cell) or any(name.startswith(_OFFICE) for name in cell.attrib):
            used = column
    return used


def _rows(sheet: python_calamine.CalamineSheet) -> Generator[list[str], None, None]:
    for row in sheet.to_python(skip_empty_area=False):
        yield [cell_text(value) for value in row]
