"""A unit's own working hours as they are typed: ``08:30-12:00 13:30-17:30``."""

from __future__ import annotations

from typing import Any, Final

from minqing.core.characters import one_form
from minqing.worktime.hours import Hours

# written behind hours that hold on weekends and holidays too
EVERY_DAY: Final = "每天"
# as an input method writes them
WRITTEN: Final = (("：", ":"), ("—", "-"), ("–", "-"), ("~", "-"), ("，", " "), (",", " "))


def hours_text(hours: Any) -> str:
    """A unit's own hours as they are typed; empty for the usual ones."""
    if not hours:
        return ""
    told = Hours.parse(hours).as_json()
    spans = told["spans"] if isinstance(told, dict) else told
    text = " ".join(f"{begin}-{end}" for begin, end in spans)
    return f"{text} {EVERY_DAY}" if isinstance(told, dict) else text


def hours_from(text: str) -> object:
    """What :func:`hours_text` writes, as it is stored; None for nothing. Raises ValueError for what is no hours."""
    words = one_form(text)
    for written, meant in WRITTEN:
        words = words.replace(written, meant)
    every_day = EVERY_DAY in words
    spans = [part.split("-") for part in words.replace(EVERY_DAY, " ").split()]
    if not spans:
        if every_day:
            raise ValueError("every day, and no hours")
        return None
    return Hours.parse({"every_day": True, "spans": spans} if every_day else spans).as_json()
