"""Processes that a test starts: whatever becomes of it, none of them works on beside the next."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator

# for what is there in a moment: how long it takes says more of the machine than of the code
PATIENCE = 240.0


def until(condition: Callable[[], object], pause: float = 0.05) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(pause)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextlib.contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Killed and waited for at the latest when the block ends."""
    try:
        yield process
    finally:
        end(process)
