"""Subprocesses under supervision: restarted when they die, stopped in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from minqing.config.log_lines import said
from minqing.config.words import _

LOOK = 0.2
# seconds between two starts of what dies at once: the first, and at most
WAIT, MOST_WAIT = 0.5, 4.0
# who lived this long died of something new
SETTLED = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def say(text: str) -> None:
    # its terminal, or the log of whoever started it, which may lie on the disk that is full
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{said(text, at=time.time())}\n")
        sys.stderr.flush()


@dataclass
class Child:
    """One of ours, in a group of its own: Ctrl-C reaches us alone and we stop them in order.

    ``work``: what it does where it is made of this process, instead of by ``command``; ``process``: None once it has
    ended, as its number may be another program's by then; ``again``: not before then is it started anew.
    """

    name: str
    command: list[str]
    work: Callable[[], None] | None = None
    process: subprocess.Popen[bytes] | Forked | None = None
    started: float = 0.0
    wait: float = 0.0
    again: float = 0.0

    def mend(self) -> None:
        self.look()
        if self.process is None and time.monotonic() >= self.again:
            self.start()

    def look(self) -> None:
        """Take note of its end, with which it leaves the list of processes."""
        if self.process is None or self.process.poll() is None:
            return
        # a killed granian leaves its own children, which would keep the port
        kill_group(self.process)
        self.process, now = None, time.monotonic()
        # how it ended does not matter: who goes at once and says that all is well would be started without end
        self.wait = min(self.wait * 2 or WAIT, MOST_WAIT) if now - self.started < SETTLED else 0.0
        self.again = now + self.wait
        if self.wait == MOST_WAIT:
            say(_("The {name} process does not stay up. Run: minqing doctor").format(name=self.name))

    def start(self) -> None:
        self.started = time.monotonic()
        if self.started - self.again > SETTLED:
            # what it did has held for a while
            self.wait = 0.0
        # no memory or no process to be had: the next look tries again
        with contextlib.suppress(OSError):
            self.process = self.begin()

    def begin(self) -> subprocess.Popen[bytes] | Forked:
        if self.work is None:
            return subprocess.Popen(self.command, start_new_session=True)
        return Forked(self.work)

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def stop(self, until: float) -> None:
        """Wait for its end, from ``until`` on by force."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        kill_group(self.process)
        self.process.wait()
        self.process = None


class Forked:
    """A process that was made of this one, with all that is loaded; known by the words of :class:`subprocess.Popen`."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.returncode: int | None = None
        # a signal meant for the new one is not to find our own handlers there
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self.pid = os.fork()
            if self.pid == 0:
                become(work)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def poll(self) -> int | None:
        if self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.02)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def become(work: Callable[[], None]) -> NoReturn:
    """Do ``work`` as a program of its own would, and end."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        # what was to be said by the process it was made of is not said by it
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def stop_all(children: Iterable[Child], seconds: float) -> None:
    """Ask all of them to end, and end what is left of them after ``seconds``."""
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + seconds
    for child in children:
        child.stop(until)


def kill_group(process: subprocess.Popen[bytes] | Forked) -> None:
    """End whatever is left of a child and its own children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
