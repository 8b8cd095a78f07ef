"""One byte sequence for one event or seal, whoever writes it down: what the hashes are made of.

JSON with sorted keys, no spaces, UTF-8 (in the manner of RFC 8785); times in UTC to the microsecond.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

# every column of an event, in the order in which queries read them
EVENT_COLUMNS = (
    "id",
    "seq",
    "tx",
    "recorded_at",
    "type",
    "source",
    "subject",
    "at",
    "actor",
    "purpose",
    "data",
)


def canonical_time(at: datetime) -> str:
    """``2026-09-30T08:00:00.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return canonical_time(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


# made once: json.dumps with options would make one for each event
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=plain
).encode


def canonical(content: dict[str, object]) -> bytes:
    return _encode(content).encode()


def canonical_event(row: tuple[object, ...]) -> bytes:
    """The canonical form of an event read as :data:`EVENT_COLUMNS`."""
    return canonical(dict(zip(EVENT_COLUMNS, row, strict=True)))
