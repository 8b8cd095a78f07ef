"""What a number format makes of a number, as far as it changes what is meant: days, times, leading zeros.

Source: ECMA-376 part 1, 18.8.30 (the formats that no file writes out, those of Chinese versions too).
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal

from minqing.core.sheets.cells import cell_text
from minqing.core.sheets.serial_dates import LAST_SERIAL, moment_of

MONTH, DAY, MONTH_DAY = 'yyyy"年"m"月"', 'yyyy"年"m"月"d"日"', 'm"月"d"日"'
CLOCK, HALF = 'h"时"mm"分"', '上午/下午h"时"mm"分"'
BUILT_IN: Final[dict[str, str]] = {
    "14": "yyyy/m/d",
    "15": "d-mmm-yy",
    "16": "d-mmm",
    "17": "mmm-yy",
    "18": "h:mm",
    "19": "h:mm:ss",
    "20": "h:mm",
    "21": "h:mm:ss",
    "22": "yyyy/m/d h:mm",
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mm:ss.0",
    "27": MONTH,
    "28": DAY,
    "29": DAY,
    "30": "m-d-yy",
    "31": DAY,
    "32": CLOCK,
    "33": CLOCK,
    "34": HALF,
    "35": HALF,
    "36": MONTH,
    "50": MONTH,
    "51": MONTH_DAY,
    "52": MONTH,
    "53": MONTH_DAY,
    "54": MONTH_DAY,
    "55": HALF,
    "56": HALF,
    "57": MONTH,
    "58": MONTH_DAY,
}
FormatKind = Literal["number", "digits", "day", "month", "time", "elapsed"]
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# none stands within another: many that are opened and never closed are looked at once each
_BRACKETS = re.compile(r"\[[^\[\]]*+\]")
_BLANKS = re.compile(r"[_*].")
_HALVES = re.compile("am/pm|a/p|上午/下午", re.IGNORECASE)
_MINUTES = re.compile(r"(?<=h)[^a-z]*+m++|(?<!m)m++(?=[^a-z]*+s)")


@lru_cache(maxsize=1000)
def kind_of(code: str) -> FormatKind:
    first = _BLANKS.sub("", code.split(";")[0])
    if _ELAPSED.search(first):
        return "elapsed"
    bare = _HALVES.sub("", _BRACKETS.sub("", _LITERAL.sub("", first))).lower()
    if bare in {"", "@"} or bare.startswith("general"):
        return "number"
    if not re.search("[0#?@]", bare.partition(".0")[0]) and re.search("[ymdhse]", bare):
        rest = _MINUTES.sub("", bare)
        if not re.search("[ymde]", rest):
            return "time"
        return "day" if "d" in rest or re.search("[hs]", bare) else "month"
    if re.fullmatch(r"[0\s\-().:·]+", bare) and bare.count("0") >= 2 and "." not in bare:
        return "digits"
    return "number"


def format_number(value: float, code: str, *, from_1904: bool) -> str:
    """The text of a number: ``9002`` in ``000000`` is ``009002``, ``26375.5`` in ``yyyy-mm-dd`` ``1972-03-17 12:00``.

    A day that its format shows as a month alone, and that is a first, is the month: ``1972-03``.
    """
    kind = kind_of(code)
    if kind == "digits":
        return digits(value, code)
    if kind == "number" or not 0 <= value <= LAST_SERIAL:
        return cell_text(value)
    if kind == "elapsed":
        return cell_text(timedelta(seconds=round(value * 86400)))
    if kind == "time" and value < 1:
        return cell_text(moment_of(value, from_1904=from_1904).time())
    return moment_text(moment_of(value, from_1904=from_1904), code)


def moment_text(moment: datetime, code: str) -> str:
    if kind_of(code) == "month" and moment.day == 1 and moment.time() == time():
        return f"{moment:%Y-%m}"
    return cell_text(moment)


def digits(value: float, code: str) -> str:
    """Digits from the right into the zeros of the format, those left over before the first; signs between stay."""
    if value < 0 or value != int(value) or value >= 10**15:
        return cell_text(value)
    form = re.sub(r"[\[][^\[\]]*\]", "", _BLANKS.sub("", code.split(";")[0]))
    marks: list[str] = []
    for quoted, escaped, plain in re.findall(r'"([^"]*)"|\\(.)|(.)', form):
        marks += ["\0"] if plain == "0" else [*(quoted or escaped or plain)]
    places = marks.count("\0")
    left = list(str(int(value)).rjust(places, "0"))
    made: list[str] = []
    for mark in marks:
        if mark != "\0":
            made.append(mark)
            continue
        over = len(left) - places
        made += left[: over + 1]
        del left[: over + 1]
        places -= 1
    return "".join(made)
