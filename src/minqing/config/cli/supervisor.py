"""Web server and worker as children: announced, started again when they die, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from minqing.config.cli.base import console
from minqing.config.env import Env

# seconds for requests and jobs under way when everything stops
GRACE = 4
START_SECONDS = 30


def web_command(port: int, application: str = "minqing.config.wsgi:application") -> list[str]:
    """Granian: two processes that answer, each started again when it dies."""
    return [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws", "--no-access-log",
        "--log-level", "warning", "--respawn-failed-workers", "--respawn-interval", "0.5",
        "--workers-kill-timeout", str(GRACE), application,
    ]  # fmt: skip


def start_web(settings: Env) -> NoReturn:
    """Become the web server."""
    command = web_command(settings.port)
    os.execv(command[0], command)  # noqa: S606  # our own server process


class Supervisor:
    """Two child processes, each in a group of its own: Ctrl-C reaches us alone and we stop them in order."""

    def __init__(self, settings: Env, *, demo: bool) -> None:
        self.settings, self.demo = settings, demo
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        try:
            for name in ("web", "worker"):
                self.start(name)
            self.announce()
            while not self.stopping:
                self.mend()
                time.sleep(0.3)
        finally:
            self.end()

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "minqing", name, "--parent", str(os.getpid())]
        self.children[name] = subprocess.Popen(command, start_new_session=True)
        self.started[name] = time.monotonic()

    def mend(self) -> None:
        for name, child in list(self.children.items()):
            if child.poll() is None or self.stopping:
                continue
            # a killed granian leaves its own children, which would keep the port
            kill_group(child)
            if time.monotonic() - self.started[name] < 5:
                console.print(f"[red]The {name} process does not stay up.[/] Run: minqing doctor")
                self.wait(3)
            if not self.stopping:
                self.start(name)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def announce(self) -> None:
        address = f"http://127.0.0.1:{self.settings.port}"
        until, warned = time.monotonic() + START_SECONDS, False
        while not answers(f"{address}/healthz"):
            if self.stopping:
                return
            if time.monotonic() > until and not warned:
                # a busy machine may still come up, and then its people want to know where
                warned = True
                console.print(f"[red]Nothing answers at {address} yet.[/] In another terminal run: minqing doctor")
            self.mend()
            self.wait(0.2)
        console.print(f"\n[bold green]Minqing 民情 is at {address}[/]")
        if self.demo:
            from minqing.demo.services import sign_ins_table

            console.print(sign_ins_table())
        console.print("Stop with Ctrl-C. Data stays in", str(self.settings.var), highlight=False)

    def end(self) -> None:
        console.print("Stopping …")
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE + 2
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            kill_group(child)
            child.wait()


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a child and its own children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
