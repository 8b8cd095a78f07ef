"""Workbooks and CSV files in and out, as clerks make them: nothing in them is ever run."""

from minqing.core.errors import SheetError
from minqing.core.sheets.apart import Bounds, read_rows_apart
from minqing.core.sheets.cells import digits_lost, is_error
from minqing.core.sheets.headings import Field, HeadingMatch, match_headings
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.marking import Marked, MarkedRow, write_marked_up
from minqing.core.sheets.reading import Sheet, read_rows
from minqing.core.sheets.serial_dates import day_of_serial
from minqing.core.sheets.writing import Column, write_csv, write_workbook

__all__ = [
    "Bounds",
    "Column",
    "Field",
    "HeadingMatch",
    "Limits",
    "Marked",
    "MarkedRow",
    "Sheet",
    "SheetError",
    "day_of_serial",
    "digits_lost",
    "is_error",
    "match_headings",
    "read_rows",
    "read_rows_apart",
    "write_csv",
    "write_marked_up",
    "write_workbook",
]
