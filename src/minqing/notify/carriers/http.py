"""The one HTTP client of the carriers: hosts from settings alone, no redirects, bounded in time and size."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from minqing.notify.carriers.base import Misconfigured, NotTaken, Refused, Unknown

CONNECT_SECONDS = 5.0
# from the first byte of the request to the last of the answer
ANSWER_SECONDS = 15.0
MOST_BYTES = 64 * 1024
# they say that they did not do it (RFC 9110, 15: the request was not whole, came to the wrong place, too early, too
# often, for what is not there or full). A 500 breaks off anywhere, also after the message went; a proxy's 502 and 504
# do not know; and 303 shows what became of a request that was done
NOT_DONE = frozenset({408, 421, 425, 429, 501, 503, 507})
MAYBE_DONE = frozenset({303})
# of the other 4xx these alone speak of the one message; who we are, what we may, what is paid, and where the address
# leads (as any redirect) is true of all
ABOUT_MESSAGE = frozenset({400, 409, 413, 414, 422, 431, 451})


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and the JSON object that came with it."""

    status: int
    data: Mapping[str, object]


@cache
def trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def connect(base: SplitResult) -> http.client.HTTPConnection:
    """An open connection; raises NotTaken. Nothing has been sent when it fails."""
    host = base.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, base.port, timeout=CONNECT_SECONDS, context=trusted())
        if base.scheme == "https"
        else http.client.HTTPConnection(host, base.port, timeout=CONNECT_SECONDS)
    )
    try:
        connection.connect()
    except (OSError, http.client.HTTPException):
        connection.close()
        raise NotTaken("unreachable") from None
    return connection


def call(
    base: str,
    path: str,
    *,
    method: str = "POST",
    query: Mapping[str, str] | None = None,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    reads: frozenset[int] = frozenset(),
) -> Answer:
    """One request to ``base`` (a setting) and its answer, which must be a JSON object.

    Statuses in ``reads`` are handed to the caller like 200. Raises NotTaken where certainly nothing happened,
    Refused for what is said of the message, Unknown where nobody can tell.
    """
    address = urlsplit(base)
    target = address.path.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
    connection = connect(address)
    try:
        status, raw = exchange(connection, method, target, body, headers or {})
    except (OSError, http.client.HTTPException, TimeoutError):
        raise Unknown("no_answer") from None
    finally:
        connection.close()
    judge(status, reads)
    return Answer(status, parsed(raw))


def exchange(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Send and read, all within :data:`ANSWER_SECONDS` however slowly the bytes come."""
    until = time.monotonic() + ANSWER_SECONDS
    wire: socket.socket = connection.sock
    wire.settimeout(ANSWER_SECONDS)
    connection.request(method, target, body or None, {"Accept": "application/json", **headers})
    # it holds the socket by itself once the other side says that it closes
    with contextlib.closing(connection.getresponse()) as answer:
        raw = b""
        while len(raw) <= MOST_BYTES:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            wire.settimeout(left)
            piece = answer.read1(4096)
            if not piece:
                return answer.status, raw
            raw += piece
    raise http.client.HTTPException("too long")


def judge(status: int, reads: frozenset[int]) -> None:
    if 200 <= status < 300 or status in reads:
        return
    if status in NOT_DONE:
        raise NotTaken(f"answer_{status}")
    if status >= 500 or status in MAYBE_DONE:
        raise Unknown(f"answer_{status}")
    raise (Refused if status in ABOUT_MESSAGE else Misconfigured)(f"answer_{status}")


def parsed(raw: bytes) -> Mapping[str, object]:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unknown("unreadable") from None
    if not isinstance(data, dict):
        raise Unknown("unreadable")
    return data


def as_json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
