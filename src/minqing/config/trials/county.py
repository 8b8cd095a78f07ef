"""A county of the trial's own: ``minqing up`` with a folder and a port, and all that belongs to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from minqing.config import cluster, embedded
from minqing.config.cluster import alive
from minqing.core.browser import Browser, Lost

START_SECONDS = 300
STOP_SECONDS = 90
DATABASE = "minqing"
# of this process: the county's are its own
OTHERS = ("MINQING_", "DATABASE_URL", "OWNER_DATABASE_URL", "DJANGO_", "PORT")


@dataclass
class County:
    var: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    begun: int = 0
    seen: set[psutil.Process] = field(default_factory=set)

    @property
    def pgdata(self) -> Path:
        return self.var / "pg"

    @property
    def log(self) -> Path:
        return self.var.with_name(f"{self.var.name}.log")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        return kept | {
            "MINQING_VAR": str(self.var),
            "PORT": str(self.port),
            "MINQING_OUTGOING_NETWORKS": "127.0.0.1/32",
            # what is sent may bear an address of this machine alone
            "MINQING_DEMO": "true",
            # its log is read for one sentence, and what it says of the doctor is told as it comes
            "MINQING_LANG": "en",
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "minqing", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=STOP_SECONDS, check=False
        )

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.begun = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "minqing", "up", "--demo"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.seen.add(psutil.Process(self.process.pid))

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Until it has said itself that it is up."""
        until = time.monotonic() + seconds
        while b" is at http" not in self.log.read_bytes()[self.begun :] or self.health() is None:
            if time.monotonic() > until or self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"minqing up did not come up; see {self.log}")
            time.sleep(0.1)

    def health(self) -> list[str] | None:
        """The lines of ``/healthz``; None while it does not answer with 200."""
        try:
            answer = Browser(self.port, seconds=3).get("/healthz")
        except Lost:
            return None
        return answer.page.splitlines() if answer.status == 200 else None

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        """A connection of the superuser, for counting what is there."""
        socket = embedded.running(self.pgdata)
        if socket is None:
            raise psycopg.OperationalError("the database does not run")
        with embedded.superuser(socket, DATABASE) as connection:
            yield connection

    def supervisor(self) -> psutil.Process:
        assert self.process is not None  # noqa: S101  # started before anything is broken
        return psutil.Process(self.process.pid)

    def children(self) -> list[psutil.Process]:
        """Of ``up``, with what they started, without the database."""
        found = []
        with contextlib.suppress(psutil.Error):
            found = [one for one in self.supervisor().children(recursive=True) if alive(one)]
        self.seen.update(found)
        return [one for one in found if "postgres" not in name_of(one)]

    def named(self, name: str) -> list[psutil.Process]:
        return [one for one in self.children() if name_of(one) == name]

    def web(self) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """The web server, and the processes of it that answer."""
        found = self.named("minqing-web")
        servers = [one for one in found if parent_of(one) not in {other.pid for other in found}]
        return servers, [one for one in found if one not in servers]

    def postmaster(self) -> psutil.Process | None:
        found = cluster.postmaster(self.pgdata)
        if found is not None:
            self.seen.add(found)
        return found

    def stop(self) -> list[str]:
        """End it as a service manager does; what was not as it must be."""
        self.children()
        self.postmaster()
        assert self.process is not None  # noqa: S101
        self.process.send_signal(signal.SIGTERM)
        wrong = []
        try:
            if code := self.process.wait(STOP_SECONDS):
                wrong.append(f"exit code {code}")
        except subprocess.TimeoutExpired:
            wrong.append("did not stop")
        _gone, left = psutil.wait_procs(self.seen, timeout=3)
        wrong += [f"left running: {' '.join(words_of(one))[:80]}" for one in left if alive(one)]
        if cluster.postmaster(self.pgdata) is not None:
            wrong.append("the database runs on")
        self.seen.clear()
        return wrong

    def clear(self) -> None:
        """Leave nothing running, whatever happened."""
        with contextlib.suppress(Exception):
            if self.process is not None and self.process.poll() is None:
                self.stop()
        for one in self.seen:
            with contextlib.suppress(psutil.Error):
                one.kill()
        with contextlib.suppress(Exception):
            cluster.stop(self.pgdata)


def words_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def name_of(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def parent_of(process: psutil.Process) -> int:
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0
