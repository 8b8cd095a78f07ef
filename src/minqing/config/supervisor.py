"""Web server, worker and embedded database: announced, started again when they die, stopped together.

Run as a process of its own, which ``minqing up`` becomes once everything is prepared: what only watches loads neither
Django nor the rooms. It must go on whatever happens to the others, also when the disk is full and nothing can be said.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn

from minqing.config import cluster, webserver
from minqing.config.processes import Unfit
from minqing.config.webserver import GRACE
from minqing.config.words import _

START_SECONDS = 30
LOOK = 0.2
# seconds between two starts of what dies at once: the first, and at most
WAIT, MOST_WAIT = 0.5, 4.0
# who lived this long died of something new
SETTLED = 10.0
PLAN = "MINQING_UP_PLAN"
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Plan:
    """What is to be watched.

    ``pgdata``: empty where the database is your own; ``lock``: the open file that says we
    run; ``greeting``: what is said below the address.
    """

    port: int
    var: str
    pgdata: str
    lock: int
    greeting: str


def become(plan: Plan) -> NoReturn:
    """Go on as the supervisor, in this process: its number, its terminal and its lock stay."""
    os.set_inheritable(plan.lock, True)
    os.environ[PLAN] = json.dumps(asdict(plan))
    # a signal between the two waits until the supervisor can hear it
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    os.execv(sys.executable, [sys.executable, "-m", "minqing.config.supervisor"])  # noqa: S606  # ourselves


def say(text: str) -> None:
    # its terminal, or the log of whoever started it, which may lie on the disk that is full
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@dataclass
class Child:
    """One of ours, in a group of its own: Ctrl-C reaches us alone and we stop them in order.

    ``process``: None once it has ended, as its number may be another program's by then; ``again``: not before then is
    it started anew.
    """

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
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
            self.process = subprocess.Popen(self.command, start_new_session=True)

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


class Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pgdata = Path(plan.pgdata) if plan.pgdata else None
        # it starts the server and ends, or waits for another who does
        self.database = Child("database", [sys.executable, "-m", "minqing.config.cluster", plan.pgdata])
        worker = [sys.executable, "-m", "minqing", "worker", "--parent", str(os.getpid())]
        self.children = [
            Child("web", webserver.command(plan.port, parent=os.getpid())),
            Child("worker", worker),
        ]
        self.stopping = False

    def run(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self.stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        try:
            self.announce()
            while not self.stopping:
                self.mend()
                time.sleep(LOOK)
        finally:
            self.end()

    def mend(self) -> None:
        # what needs the database meanwhile says so to people, or tries again by itself
        self.database.look()
        if self.pgdata is not None and not serves(self.pgdata):
            self.database.mend()
        for child in self.children:
            if not self.stopping:
                child.mend()

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def announce(self) -> None:
        address = f"http://127.0.0.1:{self.plan.port}"
        until, warned = time.monotonic() + START_SECONDS, False
        self.mend()
        while not answers(self.plan.port):
            if self.stopping:
                return
            if time.monotonic() > until and not warned:
                # a busy machine may still come up, and then its people want to know where
                warned = True
                say(
                    _("Nothing answers at {address} yet. In another terminal run: minqing doctor").format(
                        address=address
                    )
                )
            self.mend()
            time.sleep(LOOK)
        say("\n" + _("Minqing is at {address}").format(address=address))
        if self.plan.greeting:
            say(self.plan.greeting)
        say(_("Stop with Ctrl-C. Data stays in {var}").format(var=self.plan.var))

    def end(self) -> None:
        say(_("Stopping …"))
        for child in (self.database, *self.children):
            child.ask_to_end()
        until = time.monotonic() + GRACE + 2
        for child in (self.database, *self.children):
            child.stop(until)
        if self.pgdata is not None:
            with contextlib.suppress(Unfit, OSError):
                cluster.stop(self.pgdata)
            if runs(self.pgdata):
                say(_("The database could not be stopped. Look for its processes before you copy its folder."))
                return
        say(_("Stopped."))


def serves(pgdata: Path) -> bool:
    """Whether the database runs and can be reached."""
    try:
        return cluster.postmaster(pgdata) is not None and not cluster.deaf(pgdata)
    except Unfit:
        return True


def runs(pgdata: Path) -> bool:
    try:
        return cluster.postmaster(pgdata) is not None
    except Unfit:
        # another user's, whom it is to stop
        return True


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a child and its own children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def answers(port: int) -> bool:
    """Whether our own server says that all is well. By ``http.client``, which asks no proxy of the environment."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def main() -> None:
    # children learn nothing of it
    plan = Plan(**json.loads(os.environ.pop(PLAN)))
    os.set_inheritable(plan.lock, False)
    Supervisor(plan).run()
    # empty: this run was not killed
    with contextlib.suppress(OSError):
        os.ftruncate(plan.lock, 0)


if __name__ == "__main__":
    main()
