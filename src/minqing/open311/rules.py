"""What a list is narrowed to, which states are open, how exact a place is told. Pure: no database.

The limits are the specification's (https://wiki.open311.org/GeoReport_v2, "GET Service Requests").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from minqing.matters.enums import OPEN, State

SPAN: Final = timedelta(days=90)
MOST_ROWS: Final = 1000
LAST_PAGE: Final = 1000
DESCRIPTION: Final = 4000
# an identical report from the same key within this time is the same report
SAME_WITHIN: Final = timedelta(minutes=10)
# 0.001 degrees are 111 m from south to north and 97 m from west to east at 29° N
COARSE: Final = 3
STATUSES: Final = ("open", "closed")

# W3C NOTE-datetime from the day down to fractions of a second; "+" comes as a blank out of an unescaped URL
MOMENT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+ -])(\d\d):?(\d\d))?)?",
    re.ASCII,
)


def parse_moment(text: str) -> datetime:
    """A W3C date or datetime, in UTC; ValueError for anything else.

    The specification wants a zone. Clients and test suites in use send UTC without saying so, and that is what a
    missing zone is taken for.
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a W3C datetime")
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups(default="0")
    if not 1900 <= int(year) < 3000:
        # room on both sides for spans and zones
        raise ValueError("before or after all time")
    micro = int(fraction.ljust(6, "0")[:6])
    at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), micro, tzinfo=UTC)
    if int(hours) > 14 or int(minutes) > 59:
        raise ValueError("no such zone")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return at + offset if sign == "-" else at - offset


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, both included."""

    start: datetime
    end: datetime


class TooLong(ValueError):
    """The window spans more than the specification allows."""


def window(start: datetime | None, end: datetime | None, *, now: datetime) -> Window:
    """The asked span of at most 90 days; where one end is not given the span is 90 days, without both the last 90.

    Raises :class:`TooLong` for more, ValueError for an end before the start.
    """
    if start is None:
        end = end or now
        return Window(end - SPAN, end)
    if end is None:
        return Window(start, start + SPAN)
    if end < start:
        raise ValueError("the end comes before the start")
    if end - start > SPAN:
        raise TooLong
    return Window(start, end)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means all. ``numbers`` override everything else."""

    numbers: Sequence[str] | None = None
    codes: Sequence[str] = ()
    statuses: Sequence[str] = ()
    requested: Window | None = None
    updated: Window | None = None


def status_of(state: str) -> str:
    """``open`` until the unit has answered; answered, declined, merged and withdrawn are ``closed``."""
    return "open" if state in OPEN else "closed"


def states_of(statuses: Sequence[str]) -> frozenset[State]:
    """The states that are told as one of ``statuses``; all of them for none."""
    return frozenset(state for state in State if not statuses or status_of(state) in statuses)


def updated_at(matter: Any) -> datetime:
    """The time of the newest step; of a closed request the time when it was closed, as the specification has it."""
    closed: datetime | None = matter.finished_at or matter.closed_at
    newest: datetime = matter.changed_at
    return closed if closed and status_of(matter.state) == "closed" else newest


Verb = Literal["solved", "unsolved", "reopen", "appeal", "note"]


def verb_of(state: str, status: str, *, fresh: bool) -> Verb:
    """What an update of the reporter comes to: its word on an answer, or else a note to the unit.

    A status that only repeats how things stand says nothing; nor does one that was set before the answer (not
    ``fresh``), nor ``closed`` before there is an answer: what nobody has answered is not closed from outside.
    """
    if not fresh or status not in STATUSES or status == status_of(state):
        return "solved" if fresh and status == "closed" and state == State.FINISHED else "note"
    opened: Mapping[str, Verb] = {
        State.FINISHED: "unsolved",
        State.CONFIRMED: "unsolved",
        State.WITHDRAWN: "reopen",
        State.DECLINED: "appeal",
    }
    return opened.get(state, "note") if status == "open" else "note"


MEDIA: Final = "media_url: "


def with_media(description: str, media_urls: Sequence[str]) -> str:
    """The text that is kept: the description, then a line for each address of what the sender put elsewhere.

    Those addresses are never fetched: they may lead into the county's own network.
    """
    return "\n".join([description, *(MEDIA + url for url in media_urls)]).strip()


def split_media(text: str) -> tuple[str, list[str]]:
    """Twin of :func:`with_media`."""
    lines = text.split("\n")
    media_urls: list[str] = []
    while lines and lines[-1].startswith(MEDIA):
        media_urls.insert(0, lines.pop().removeprefix(MEDIA))
    return "\n".join(lines), media_urls


def full_name(first: str, last: str) -> str:
    """The name as it is written: Chinese characters in one, the family first; others with a blank between."""
    if first and last and not (first + last).isascii():
        return f"{last}{first}"
    return f"{first} {last}".strip()


def is_public_space(code: str, parent: str, public: Collection[str]) -> bool:
    """Whether a category is about a place that everybody shares: it, or its first level, stands in ``public``."""
    return code in public or parent in public
