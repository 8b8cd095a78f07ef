"""The machine's own journal in SQLite: on disk before the motor turns, and before anything is said of it.

Each command is a row from the moment it is taken. A row that was begun and has no end after a power cut says that
nobody knows; a command that came twice finds its row.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS boots (boot INTEGER PRIMARY KEY, run TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vends (
    id TEXT PRIMARY KEY, slot INTEGER, boot INTEGER, begun INTEGER NOT NULL DEFAULT 0,
    told TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', heard INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS counter (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
INSERT OR IGNORE INTO counter VALUES (1, 0);
"""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: whether the motor was let turn, and what came of it; ``heard`` once the server has said so."""

    id: str
    slot: int | None
    boot: int | None
    begun: bool
    told: str
    reason: str
    heard: bool


class NoJournal(Exception):
    """The file is no machine's journal; the words say why."""


def read_lines(path: Path) -> list[Command]:
    """Every line of a journal, or of a copy of one, which is left as it is. Raises NoJournal."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            return lines_of(db, "1 = 1")
    except sqlite3.Error as error:
        raise NoJournal(f"{path}: {error}") from None


def lines_of(db: sqlite3.Connection, where: str, *given: object) -> list[Command]:
    statement = f"SELECT id, slot, boot, begun, told, reason, heard FROM vends WHERE {where} ORDER BY rowid"  # noqa: S608
    return [
        Command(id, slot, boot, bool(begun), told, reason, bool(heard))
        for id, slot, boot, begun, told, reason, heard in db.execute(statement, given)
    ]


class Journal:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # each statement is on the disk when it returns, also where power is cut a moment later
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(SCHEMA)
        path.chmod(0o600)

    def close(self) -> None:
        self.db.close()

    def start(self) -> tuple[int, str]:
        """This start's number, one more than the last, and a word that no other start has."""
        run = secrets.token_hex(8)
        (last,) = self.db.execute("SELECT coalesce(max(boot), 0) FROM boots").fetchone()
        self.db.execute("INSERT INTO boots VALUES (?, ?)", (last + 1, run))
        return last + 1, run

    def adopt(self, boot: int, run: str) -> None:
        """The server counts on from another number, as after a new key."""
        self.db.execute("UPDATE boots SET boot = ? WHERE run = ?", (boot, run))

    def knows_boot(self, boot: int | None) -> bool:
        return self.db.execute("SELECT 1 FROM boots WHERE boot = ?", (boot,)).fetchone() is not None

    def count(self) -> int:
        """The next number for a message; used up, whether it is sent or not."""
        return int(self.db.execute("UPDATE counter SET value = value + 1 RETURNING value").fetchone()[0])

    def line(self, id: str) -> Command | None:
        rows = self.lines("id = ?", id)
        return rows[0] if rows else None

    def lines(self, where: str, *given: object) -> list[Command]:
        return lines_of(self.db, where, *given)

    def take(self, id: str, slot: int | None, boot: int | None) -> bool:
        """False where this command was taken before."""
        row = (id, slot, boot)
        taken = self.db.execute("INSERT OR IGNORE INTO vends (id, slot, boot) VALUES (?, ?, ?)", row)
        return taken.rowcount == 1

    def begin(self, id: str) -> None:
        self.db.execute("UPDATE vends SET begun = 1 WHERE id = ?", (id,))

    def end(self, id: str, told: str, reason: str = "") -> None:
        """What came of it, once and for all: a line that has its end keeps it."""
        self.db.execute(
            "UPDATE vends SET told = ?, reason = ?, heard = 0 WHERE id = ? AND told = ''", (told, reason, id)
        )

    def unheard(self) -> list[Command]:
        return self.lines("told <> '' AND heard = 0")

    def unfinished(self) -> list[Command]:
        return self.lines("told = ''")

    def hear(self, id: str) -> None:
        self.db.execute("UPDATE vends SET heard = 1 WHERE id = ?", (id,))
