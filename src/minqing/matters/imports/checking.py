"""One row of a message board: cells as they come, made into a message or into sentences about what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.formats import normalise_text, year_missing
from minqing.intake.kinds import Row, Stored
from minqing.intake.storage.seen_keys import Seen
from minqing.matters.imports.storing import FROM_LOADING, FROM_TABLE, Board, Message
from minqing.matters.services import due_to_assign
from minqing.matters.words import clean_text, title_from

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# 2019/2/28 11:25:05 · 2019-04-08 08:37:20 · 2019年4月8日 8:37 · 2019.4.8 · 20190408 · 2019年4月8日下午3点半 · 8:37 PM
_TIME = re.compile(
    r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?|(?P<month2>\d\d)(?P<day2>\d\d))"
    r"(?:[\sT]*(?:(?P<half>上午|早上|凌晨|中午|下午|晚上)\s*|(?<=[日号\sT]))(?P<hour>\d{1,2})"
    r"(?:[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?|[点时](?P<minute2>\d{1,2}|半)?分?)"
    r"(?:\s*(?P<half2>[AP]M))?)?(?:\.0+)?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset({"下午", "晚上", "中午", "PM"})
_COUNT = re.compile(r"(\d{1,9})(?:\.0*)?")
EARLIEST = 1990
# 晚上1点 is the night after the day, or before it
EVENING = 5


def read_time(text: str) -> datetime | None:
    """A local moment (Asia/Shanghai) from a cell; a day alone is its first minute. None when it is no time."""
    found = _TIME.fullmatch(" ".join(text.split()))
    if not found:
        return None
    part = found.groupdict()
    year, month, day = int(part["year"]), int(part["month"] or part["month2"]), int(part["day"] or part["day2"])
    half_past = part["minute2"] == "半"
    minute, second = 30 if half_past else int(part["minute"] or part["minute2"] or 0), int(part["second"] or 0)
    hour, half = int(part["hour"] or 0), (part["half"] or part["half2"] or "").upper()
    if half == "晚上" and (hour == 12 or hour < EVENING):
        # of this day's beginning or its end: nothing is guessed
        return None
    if half in _AFTERNOON and hour < (3 if half == "中午" else 12):
        hour += 12
    elif half in {"AM", "凌晨"} and hour == 12:
        hour = 0
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=clock.SHANGHAI)
    except ValueError:
        return None
    return moment if moment.year >= EARLIEST else None


def why_not(text: str, at: datetime | None, latest: datetime) -> StrOrPromise:
    """What is wrong with a time that :func:`read_time` read as ``at``, and how to write it; empty if nothing is."""
    if at is not None:
        return "" if at <= latest else _("This time is still to come. Please check it.")
    error = year_missing(normalise_text(text))
    return error.sentence if error else _("This is not a time. Write it like 2026-05-03 or 2026-05-03 08:30.")


def tidy(text: str) -> str:
    """Lines without the stray white space around and between them that board exports carry."""
    lines = (" ".join(line.split()) for line in clean_text(text).splitlines())
    return "\n".join(line for line in lines if line)


@dataclass
class Messages:
    """One pass over one table of messages."""

    by: Actor
    seen: Seen
    choice: str = FROM_LOADING

    def __post_init__(self) -> None:
        self.board = Board(self.by, self.choice)

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        at, replied_at = read_time(cell["time"]), read_time(cell["reply_time"])
        number, text, reply = cell["number"].strip()[:50], tidy(cell["text"]), tidy(cell["reply"])
        title = title_from(tidy(cell["title"]), text)
        latest = clock.now() + timedelta(days=1)
        if not number:
            row.problems["number"] = _("The message has no number.")
        if wrong := why_not(cell["time"], at, latest):
            row.problems["time"] = wrong
        if not title:
            row.problems["text"] = _("The message is empty.")
        if reply and (wrong := why_not(cell["reply_time"], replied_at, latest)):
            row.problems["reply_time"] = wrong
        count = _COUNT.fullmatch(cell["likes"].strip() or "0")
        if count is None:
            row.problems["likes"] = _("This is not a number.")
        if not (number and title and at and count):
            return
        row.data = Message(
            number=number,
            user=clean_text(cell["user"])[:60],
            title=title,
            text=text,
            at=at,
            likes=int(count[1]),
            reply=reply,
            # a reply dated before its message was typed wrongly: it came at the earliest with it
            replied_at=max(replied_at, at) if reply and replied_at else None,
            category=cell["category"].strip(),
            area=cell["area"].strip(),
        )

    def look(self, rows: Sequence[Row]) -> None:
        for row in rows:
            row.problems.update(self.board.problems(row.data))
        self.warn([row for row in rows if not row.problems and not row.data.reply])

    def warn(self, rows: Sequence[Row]) -> None:
        """Mark what is overdue at once if its terms count from the time in the table."""
        late = [row for row in rows if (due := self.due(row.data.at)) and due <= clock.now()]
        known = self.board.known([row.data for row in late])
        for row in late:
            if not {row.data.number, row.data.second_key} & known.keys():
                row.warned.add(FROM_TABLE)

    @cached_property
    def due(self) -> Callable[[datetime], datetime | None]:
        return due_to_assign()

    def understood(self, row: Row) -> Mapping[str, str]:
        message: Message = row.data
        return {"time": f"{message.at:%Y-%m-%d %H:%M}"}

    def store(self, rows: Sequence[Row]) -> Stored:
        return self.board.store([row.data for row in rows])
