"""One run at a time on a folder, nobody else's folder, and no process that outlives the one that started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Unfit(Exception):
    """Minqing cannot go on as it was called. The message is one sentence for the operator that says what to do."""


class InUse(Exception):
    """Another process holds the lock."""


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def check_folder(folder: Path) -> None:
    """Raise :class:`Unfit` where the data are somebody else's: files made by another user would lock theirs out."""
    if not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        name = user_name(owner)
        raise Unfit(
            f"The data in {folder} belong to {name}, and this is {user_name(os.geteuid())}. Run it as {name} "
            f"(sudo -u {name} …), or name another folder with MINQING_VAR."
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Unfit(f"{folder} cannot be read and written. Run: chmod u+rwx {folder}")


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait for the lock ``path`` and hold it until the block ends or the process dies."""
    import fcntl

    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Lock:
    """``file``: its open file; ``killed_before``: the holder before was killed, what it started may still be going."""

    file: int
    killed_before: bool


@contextlib.contextmanager
def held(path: Path) -> Iterator[Lock]:
    """Hold the lock ``path`` until the block ends or the process dies; raises :class:`InUse`."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse(str(path)) from None
        file.seek(0)
        killed_before = bool(file.read())
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield Lock(file.fileno(), killed_before)
        finally:
            file.truncate(0)


def stop_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """Have the kernel send a signal to this process when its parent is gone, however it went. 0: no parent.

    Linux alone can do this; it lasts over an exec. Elsewhere a killed ``minqing up`` leaves its processes behind.
    """
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    # gone before the kernel was asked
    if os.getppid() != parent:
        sys.exit(0)
