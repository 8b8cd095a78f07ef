"""Keys met earlier in the same file, on disk to find duplicates: 700,000 identity numbers would fill the memory."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

CACHE_KB = 16_384


class Met(NamedTuple):
    """Where a key was met first, and with which value."""

    row: int
    value: int


class Seen:
    """First places of keys. Only digests under a key that dies with the object are kept, in an unnamed file."""

    def __init__(self) -> None:
        # the empty name is a temporary database that SQLite deletes by itself, after a kill too
        self._book = sqlite3.connect("", isolation_level=None)
        self._book.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self._book.execute("PRAGMA synchronous = OFF")
        self._book.execute("PRAGMA journal_mode = OFF")
        self._book.execute("CREATE TABLE met (key INTEGER PRIMARY KEY, row INTEGER, value INTEGER) WITHOUT ROWID")
        self._book.execute("BEGIN")
        self._secret = os.urandom(16)

    def first(self, what: str, key: str, row: int, value: int = 0) -> Met | None:
        """Remember ``key`` at ``row``; where it was met before, if it was (that stays as it is)."""
        number = self._number(what, key)
        done = self._book.execute("INSERT OR IGNORE INTO met VALUES (?, ?, ?)", (number, row, value))
        if done.rowcount:
            return None
        found = self._book.execute("SELECT row, value FROM met WHERE key = ?", (number,)).fetchone()
        return Met(*found)

    def number_of(self, text: str) -> int:
        """A text as a value to be remembered."""
        return self._number("", text)

    def close(self) -> None:
        self._book.close()

    def _number(self, what: str, key: str) -> int:
        digest = hashlib.blake2b(f"{what}\x00{key}".encode(), digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, "big", signed=True)


@contextmanager
def seen() -> Iterator[Seen]:
    with closing(Seen()) as book:
        yield book
