"""Real messages with real replies, as a public board's workbook has them: which can be played, and why not the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from minqing.core.clock import local_date
from minqing.core.sheets import match_headings, read_rows
from minqing.matters.imports import MESSAGES
from minqing.matters.imports.checking import read_time, tidy
from minqing.matters.words import clean_text, title_from

FILE = Path("data/messages/messages-with-replies.xlsx")
# the ids of a message's matter and of its steps follow from its number: the same in every run
PLAYED = uuid5(NAMESPACE_OID, "minqing.demo.replay")
LONGEST = 20_000


class Why(StrEnum):
    """Why a row is not played."""

    NO_NUMBER = "no number"
    TWICE = "number used before"
    NO_TEXT = "no text"
    NO_TIME = "no time"
    NO_REPLY = "no reply"
    NO_REPLY_TIME = "no time of the reply"
    BEFORE = "reply before the message"
    FUTURE = "in the future"
    TOO_LONG = "text too long"
    IMPORTED = "imported before"


@dataclass(frozen=True, slots=True)
class Message:
    """One message and its reply; times are aware."""

    number: str
    user: str
    title: str
    text: str
    at: datetime
    reply: str
    replied_at: datetime

    @property
    def id(self) -> UUID:
        return self.step("receive")

    def step(self, move: str) -> UUID:
        """The first step has the matter's own id."""
        return uuid5(PLAYED, f"{self.number}/{move}")


@dataclass
class Read:
    """What a workbook holds: ``messages`` in the order of their times, and how many rows are left out for what."""

    messages: list[Message] = field(default_factory=list)
    skipped: Counter[Why] = field(default_factory=Counter)
    rows: int = 0


def read_board(path: Path, *, now: datetime, since: date | None = None, limit: int | None = None) -> Read:
    """The first ``limit`` messages of ``path`` from the local day ``since`` on.

    Raises :class:`minqing.core.errors.SheetError` where it is no table of messages.
    """
    found, seen = Read(), set[str]()
    for cell in cells_of(path):
        found.rows += 1
        message = understood(cell, now)
        if isinstance(message, Message) and message.number in seen:
            message = Why.TWICE
        if isinstance(message, Why):
            found.skipped[message] += 1
            continue
        seen.add(message.number)
        if since is None or local_date(message.at) >= since:
            found.messages.append(message)
    found.messages = sorted(found.messages, key=lambda one: (one.at, one.number))[:limit]
    return found


def cells_of(path: Path) -> Iterator[Mapping[str, str]]:
    sheet = read_rows(path, fields=MESSAGES.columns)
    match = match_headings(sheet.headings, MESSAGES.columns)
    for _number, cells in sheet.rows:
        yield {column.name: match.cell(cells, column.name) for column in MESSAGES.columns}


def understood(cell: Mapping[str, str], now: datetime) -> Message | Why:
    """The row as a message, or the first reason why it is none that can be played."""
    number, text, reply = cell["number"].strip()[:50], tidy(cell["text"]), tidy(cell["reply"])
    title = title_from(tidy(cell["title"]), text)
    at, replied_at = read_time(cell["time"]), read_time(cell["reply_time"])
    if not number:
        return Why.NO_NUMBER
    if at is None:
        return Why.NO_TIME
    if not title:
        return Why.NO_TEXT
    if not reply:
        return Why.NO_REPLY
    if replied_at is None:
        return Why.NO_REPLY_TIME
    if max(len(text), len(reply)) > LONGEST:
        return Why.TOO_LONG
    if replied_at < at:
        return Why.BEFORE
    if replied_at > now:
        return Why.FUTURE
    return Message(number, clean_text(cell["user"])[:60], title, text, at, reply, replied_at)
