"""The text of a cell, as a person sees it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

# a spreadsheet keeps 15 significant digits
_MOST_EXACT = 10**15
_LOST = re.compile(r"\d(\.\d+)?[eE]\+?\d\d?")


# what Excel, WPS and LibreOffice write where a formula could not be worked out
ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)"
    r"|Err:\d{3}"
)


def cell_text(value: object) -> str:
    """Dates as ISO text, whole numbers without ``.0``, nothing as the empty text.

    A number of 16 digits and more is written with an exponent: its last digits are lost already, and written
    out it would pass for an identity or card number. :func:`digits_lost` knows it again.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    return _moment(value)


def digits_lost(text: str) -> bool:
    """Whether ``text`` is a number that a spreadsheet has rounded: ``3.30683194001011e+17``."""
    return _LOST.fullmatch(text.strip()) is not None


def is_error(text: str) -> bool:
    """Whether the cell holds no value but the name of an error."""
    return ERRORS.fullmatch(text) is not None


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if abs(value) >= _MOST_EXACT:
        return f"{value:.14e}"
    return str(int(value)) if value == int(value) else repr(value)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return str(value)
