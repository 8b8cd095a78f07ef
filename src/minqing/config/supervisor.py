"""Web server, worker and embedded database: announced, started again when they die, stopped together.

Run as a process of its own, which ``minqing up`` becomes once everything is prepared: what only watches loads neither
Django nor the rooms. It must go on whatever happens to the others, also when the disk is full and nothing can be said.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn

from minqing.config import cluster, loader
from minqing.config.processes import Unfit, tied
from minqing.config.subprocesses import LOOK, SIGNALS, Child, say, stop_all
from minqing.config.words import _

START_SECONDS = 30
PLAN = "MINQING_UP_PLAN"


@dataclass(frozen=True)
class Plan:
    """What is to be watched.

    ``pgdata``: empty where the database is your own; ``lock``: the open file that says we
    run; ``greeting``: what is said below the address;
    ``beside``: what runs beside them in a made-up county, its name and its command.
    """

    port: int
    var: str
    pgdata: str
    lock: int
    greeting: str
    beside: Mapping[str, list[str]] = field(default_factory=dict)


def become(plan: Plan) -> NoReturn:
    """Go on as the supervisor, in this process: its number, its terminal and its lock stay."""
    os.set_inheritable(plan.lock, True)
    os.environ[PLAN] = json.dumps(asdict(plan))
    # a signal between the two waits until the supervisor can hear it
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    os.execv(sys.executable, [sys.executable, "-m", "minqing.config.supervisor"])  # noqa: S606  # ourselves


class Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pgdata = Path(plan.pgdata) if plan.pgdata else None
        # it starts the server and ends, or waits for another who does
        self.database = Child("database", [sys.executable, "-m", "minqing.config.cluster", plan.pgdata])
        # web server and worker are made and watched by the one that loads the code for both
        self.loader = Child("loader", loader.command(plan.port, parent=os.getpid()))
        self.beside = [Child(name, tied(command)) for name, command in plan.beside.items()]
        # whether it has answered: what runs beside it calls it
        self.up = False
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
        if not self.stopping:
            self.loader.mend()
        for child in self.beside if self.up else ():
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
        self.up = True
        say("\n" + _("Minqing is at {address}").format(address=address))
        if self.plan.greeting:
            say(self.plan.greeting)
        say(_("Stop with Ctrl-C. Data stays in {var}").format(var=self.plan.var))

    def end(self) -> None:
        say(_("Stopping …"))
        stop_all((*self.beside, self.database, self.loader), loader.GRACE + 2)
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
