"""One run at a time on a folder, and no process that outlives the one that started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1


class InUse(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock ``path`` until the block ends or the process dies; raises :class:`InUse`.

    Yields whether the holder before was killed, so that what it started may still be going away.
    """
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
            yield killed_before
        finally:
            file.truncate(0)


def stop_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when its parent is gone, however it went. 0: no parent.

    Linux alone can do this; it lasts over an exec. Elsewhere a killed ``minqing up`` leaves its processes behind.
    """
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # gone before the kernel was asked
    if os.getppid() != parent:
        sys.exit(0)
