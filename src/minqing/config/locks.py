"""Locks on files: one run at a time on a folder, let go when its process dies."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

# whoever only asks (`in_use`) has the lock for a moment
MOMENT: Final = 1.0


class InUse(Exception):
    """Another process holds the lock."""


def make_own(folder: Path) -> None:
    """A folder for this user alone; made by root others may go through it, as its database server has to."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700 if os.geteuid() else 0o711)


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Wait for the lock ``path`` and hold it until the block ends or the process dies."""
    import fcntl

    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def in_use(path: Path) -> bool:
    """Whether another process holds the lock; it is not taken."""
    import fcntl

    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@dataclass(frozen=True)
class Lock:
    """``file``: its open file; ``killed_before``: the holder before was killed, what it started may still be going."""

    file: int
    killed_before: bool


def taken(file: IO[str]) -> bool:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def held(path: Path) -> Iterator[Lock]:
    """Hold the lock ``path`` until the block ends or the process dies.

    Raises :class:`InUse` where another process has it for longer than it takes to ask.
    """
    make_own(path.parent)
    with path.open("a+") as file:
        until = time.monotonic() + MOMENT
        while not taken(file):
            if time.monotonic() >= until:
                raise InUse(str(path))
            time.sleep(0.05)
        file.seek(0)
        killed_before = bool(file.read())
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield Lock(file.fileno(), killed_before)
        finally:
            file.truncate(0)
