"""``minqing up``: web, background worker and embedded database as one, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket as sockets
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from minqing.config import embedded
from minqing.config.cli import app
from minqing.config.cli.base import console, ready
from minqing.config.cli.database import bring_up_to_date
from minqing.config.env import Env, env


@app.command()
def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the made-up demo village if there is nothing yet.")
    ] = False,
    port: Annotated[int, typer.Option(envvar="PORT", help="Port on 127.0.0.1.")] = 8000,
) -> None:
    """Serve Minqing here: database, background worker and web pages, until Ctrl-C."""
    os.environ["PORT"] = str(port)
    if demo:
        os.environ["MINQING_DEMO"] = "true"
    env.cache_clear()
    settings = env()
    if taken(port):
        console.print(f"[red]Port {port} is in use.[/] Stop what uses it, or choose another: PORT=8001")
        raise typer.Exit(1)
    with console.status("Preparing the database …"):
        ready()
        bring_up_to_date()
    if demo:
        from minqing.demo.services import ensure_demo

        ensure_demo(console=console)
    collect_static(settings)
    Supervisor(settings).run()


def taken(port: int) -> bool:
    with sockets.socket() as probe:
        probe.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def collect_static(settings: Env) -> None:
    """Put the static files where they are served from; quick when nothing changed."""
    from django.core.management import call_command

    with console.status("Preparing pages …"):
        call_command("collectstatic", verbosity=0, interactive=False)


class Supervisor:
    """Two child processes, each started again when it dies, both stopped together with the database."""

    def __init__(self, settings: Env) -> None:
        self.settings = settings
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def commands(self) -> dict[str, list[str]]:
        web = [
            str(Path(sys.executable).with_name("granian")), "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(self.settings.port),
            "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws",
            "--log-level", "warning", "minqing.config.wsgi:application",
        ]  # fmt: skip
        worker = [sys.executable, "-m", "minqing", "worker"]
        return {"web": web, "worker": worker}

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        for name in self.commands():
            self.start(name)
        try:
            self.announce()
            while not self.stopping:
                self.mend()
                time.sleep(0.5)
        finally:
            self.end()

    def start(self, name: str) -> None:
        # a session of its own: Ctrl-C reaches us alone and we stop the children in order
        self.children[name] = subprocess.Popen(self.commands()[name], start_new_session=True)
        self.started[name] = time.monotonic()

    def mend(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None and not self.stopping:
                if time.monotonic() - self.started[name] < 5:
                    console.print(f"[red]The {name} process does not stay up.[/] Run: minqing doctor")
                    time.sleep(3)
                self.start(name)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def announce(self) -> None:
        address = f"http://127.0.0.1:{self.settings.port}"
        for _ in range(150):
            if self.stopping or answers(f"{address}/healthz"):
                break
            time.sleep(0.2)
        console.print(f"\n[bold green]Minqing 民情 is at {address}[/]")
        if self.settings.minqing_demo:
            from minqing.demo.services import sign_ins_table

            console.print(sign_ins_table())
        console.print("Stop with Ctrl-C. Data stays in", str(self.settings.var), highlight=False)

    def end(self) -> None:
        console.print("Stopping …")
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
        if self.settings.embedded:
            embedded.stop(self.settings.pgdata)
        console.print("Stopped.")


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@app.command()
def worker() -> None:
    """Run the background worker alone (``up`` starts it for you)."""
    ready()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--name", "minqing", "--concurrency", "2")
