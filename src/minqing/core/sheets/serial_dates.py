"""Serial dates: the days that a workbook counts as numbers (ECMA-376 part 1, 18.17.4.1)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from minqing.core.sheets.cells import cell_text

# the first day of each way of counting; before March 1900 the other is one day off (29 February 1900 never was)
FIRST_1904, FIRST_1900, EARLY_1900 = date(1904, 1, 1), date(1899, 12, 30), date(1899, 12, 31)
_SERIAL = re.compile(r"[1-9][0-9]{3,4}(\.[0-9]{1,16})?")
LAST_SERIAL: Final = 2_958_465


def moment_of(serial: float, *, from_1904: bool) -> datetime:
    """The day that a book counts as ``serial``, to the second."""
    first = FIRST_1904 if from_1904 else FIRST_1900 if serial >= 60 else EARLY_1900
    days, rest = divmod(serial, 1)
    return datetime.combine(first, time()) + timedelta(days=days, seconds=round(rest * 86400))


def day_of_serial(text: str, *, from_1904: bool) -> str:
    """A number that a cell without a format of days holds where a day is meant, as that day; else the text as it is.

    Days from 1908 to 2064 by the usual count. Numbers of four digits below are rather years.
    """
    if not _SERIAL.fullmatch(text) or not 3000 <= (value := float(text)) <= 60_000:
        return text
    return cell_text(moment_of(value, from_1904=from_1904))
