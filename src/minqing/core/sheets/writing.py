"""Writing workbooks and CSV in bounded memory, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _

from minqing.core.clock import SHANGHAI
from minqing.core.sheets.cells import cell_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_575
OPTIONS = {
    # rows go to the disk as they come
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
# OWASP, CSV Injection: with these, full-width ones too, a spreadsheet takes a cell for a formula
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters of the standard font; a Chinese character takes two."""

    heading: StrOrPromise
    width: float = 14


def write_workbook(
    path: str | Path,
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "",
    note: str = "",
) -> int:
    """Write an xlsx and return its number of rows; more than fit go on in further sheets.

    ``note`` stands in a row above the headings and at the foot of each printed page: for whom this was made.

    Texts are written as text whatever they look like; numbers beyond 15 digits too, for they would be rounded.
    """
    listed = [column if isinstance(column, Column) else Column(column) for column in columns]
    count = 0
    with xlsxwriter.Workbook(str(path), dict(OPTIONS)) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF7", "text_wrap": True, "valign": "vcenter"})
        page: object = None
        above = 1 if note else 0
        most = MOST_ROWS - above
        for count, row in enumerate(rows, 1):
            line = (count - 1) % most
            if line == 0:
                page = _page(book, listed, bold, sheet, count // most, note)
            for column, value in enumerate(row):
                write_cell(page, line + 1 + above, column, value)
        if page is None:
            _page(book, listed, bold, sheet, 0, note)
    return count


def write_csv(path: str | Path, columns: Sequence[Column | str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV that every spreadsheet opens with the right characters (UTF-8 with a mark) and runs nothing of.

    A text that could be a formula gets an apostrophe in front, which :func:`read_rows` takes away again.
    """
    headings = [str(column.heading) if isinstance(column, Column) else column for column in columns]
    count = 0
    with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([_inert(heading) for heading in headings])
        for row in rows:
            writer.writerow([_inert(value) for value in row])
            count += 1
    return count


def write_cell(page: Any, row: int, column: int, value: object, style: object = None) -> None:
    """One cell, from 0; texts longer than a spreadsheet's cell are cut and say so with ``…``."""
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 10**15:
        page.write_string(row, column, _text(value), style)
    else:
        page.write_number(row, column, value, style)


def _page(book: Any, columns: Sequence[Column], bold: object, name: str, number: int, note: str = "") -> object:
    title = (name or _("Table"))[:25]
    page = book.add_worksheet(title if number == 0 else f"{title} {number + 1}")
    heading = 1 if note else 0
    page.freeze_panes(heading + 1, 0)
    if note:
        page.write_string(0, 0, note)
        # an ampersand would begin a code of the printer's
        page.set_footer("&C" + note.replace("&", "&&")[:200])
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(heading, place, str(column.heading), bold)
    return page


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    # a lazy translation is no str until it is asked
    text = cell_text(value) if isinstance(value, datetime | date) else str(value)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _inert(value: object) -> str:
    if value is None:
        return ""
    text = _text(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(_STARTERS) else text
