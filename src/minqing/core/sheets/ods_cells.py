"""One cell of an OpenDocument table (ODF 1.3 part 3, 9.1.4 and 19.385) as the text that a person sees."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final
from xml.etree.ElementTree import Element

from minqing.core.sheets.cells import cell_text, is_error
from minqing.core.sheets.number_formats import format_number, kind_of, moment_text
from minqing.core.sheets.serial_dates import moment_of

TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DURATION = re.compile(r"PT(\d{1,7})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_BLANKS = re.compile(r"[ \t\r\n]+")
_PREFIX = re.compile(r"^[A-Za-z]+:(?==)")
# what is written in a cell and not seen in it: remarks, how to read a character
_UNSEEN: Final = frozenset({f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}ruby-text"})
_MOST_BLANKS: Final = 100


def text_of(cell: Element, code: str) -> str:
    """``code``: the cell's number format."""
    seen = cell_text("\n".join(_words(part) for part in cell if part.tag in {f"{TEXT}p", f"{TEXT}h"}))
    if cell.get(f"{CALC}value-type") == "error" or is_error(seen):
        return seen if is_error(seen) else "#VALUE!"
    kind = cell.get(f"{OFFICE}value-type", "")
    try:
        made = _value(cell, kind, code, seen)
    except (ValueError, OverflowError):
        # a day before the first, a number too large: as it is shown
        made = None
    if made is None:
        made = seen or cell_text(cell.get(f"{OFFICE}string-value", ""))
    if not made and not kind and (formula := cell.get(f"{TABLE}formula")):
        # nothing was kept of it: the formula itself, never evaluated
        return _PREFIX.sub("", formula)
    return made


def _value(cell: Element, kind: str, code: str, seen: str) -> str | None:
    if kind == "boolean":
        return cell_text(cell.get(f"{OFFICE}boolean-value") == "true")
    if kind == "date":
        return moment_text(datetime.fromisoformat(cell.get(f"{OFFICE}date-value", "").removesuffix("Z")), code)
    if kind == "time":
        return _time(cell.get(f"{OFFICE}time-value", ""), code)
    value = cell.get(f"{OFFICE}value")
    if kind not in {"float", "percentage", "currency"} or value is None:
        return None
    number: float = int(value) if value.isascii() and value.isdigit() else float(value)
    digits = re.sub(r"\D", "", seen)
    if kind_of(code) == "digits" and digits and int(digits) == number:
        return seen
    return format_number(number, code, from_1904=False) if code else cell_text(number)


def _time(value: str, code: str) -> str | None:
    found = _DURATION.fullmatch(value)
    if not found:
        return None
    hours, minutes, seconds = map(int, found.groups())
    past = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if kind_of(code) == "time" and past.days:
        return cell_text(moment_of(past / timedelta(days=1), from_1904=False))
    if kind_of(code) == "time":
        return cell_text(time(hours, minutes, seconds))
    return cell_text(past)


def _words(node: Element) -> str:
    if node.tag in _UNSEEN:
        return ""
    if node.tag == f"{TEXT}s":
        return " " * min(int(node.get(f"{TEXT}c", "1")), _MOST_BLANKS)
    if node.tag == f"{TEXT}tab":
        return "\t"
    if node.tag == f"{TEXT}line-break":
        return "\n"
    parts = [_BLANKS.sub(" ", node.text or "")]
    for part in node:
        parts += [_words(part), _BLANKS.sub(" ", part.tail or "")]
    return "".join(parts)
