"""Databases and server of ``minqing bench matters``: its own, and gone when it is done."""

from __future__ import annotations

import contextlib
import os
import signal
import socket as sockets
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import sql

from minqing.config import embedded, webserver
from minqing.config.cli.base import ready
from minqing.config.cli.database import bring_up_to_date
from minqing.config.env import env
from minqing.config.processes import check_folder
from minqing.config.subprocesses import kill_group
from minqing.config.supervisor import START_SECONDS, answers
from minqing.config.words import _
from minqing.core.command import console

# laid out once with the demo's people and some thousand matters, and copied for each size
BASE = "minqing_bench"


def bench_matters(sizes: Sequence[int], *, rounds: int, seconds: int, keep: bool) -> dict[str, Any]:
    """Figures of each size, as docs/operations.md describes them. What goes on is told on stderr."""
    settings = env()
    if not settings.embedded:
        raise SystemExit("minqing bench matters makes databases of its own: unset DATABASE_URL.")
    check_folder(settings.var)
    os.environ["MINQING_DB_NAME"] = BASE
    env.cache_clear()
    socket = embedded.start(settings.pgdata)
    made = [BASE]
    try:
        base(socket)
        found = {}
        for size in sizes:
            name = f"{BASE}_{size}"
            made.append(name)
            fill(socket, name, size)
            found[size] = timed(name, rounds=rounds, seconds=seconds)
    finally:
        if not keep:
            for name in made:
                drop(socket, name)
    return report(found)


def report(found: dict[int, dict[str, Any]]) -> dict[str, Any]:
    from minqing.demo.bench_matters import growth

    least, most = found[min(found)], found[max(found)]
    return {
        "schema": 1,
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "sizes": {str(size): figures for size, figures in found.items()},
        "p95_growth": growth(least, most),
    }


def base(socket: embedded.Socket) -> None:
    """The database that the others are copied from."""
    if not exists(socket, BASE):
        console.print(_("Laying out people and places …"))
        ready(makes=True)
        bring_up_to_date(ours=True)
        from minqing.demo.services.loading import load_sample

        load_sample(console=console)
    ready(makes=True)
    from django.db import connections

    for alias in connections:
        connections[alias].close()


def fill(socket: embedded.Socket, name: str, size: int) -> None:
    from minqing.demo.multiplying import multiply

    if exists(socket, name):
        return
    with embedded.superuser(socket) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(BASE), sql.Identifier(embedded.OWNER)
            )
        )
    begun = time.monotonic()
    try:
        with embedded.superuser(socket, name) as connection:
            for what in multiply(connection, size):
                console.print(
                    _("{size} matters, {seconds} s: {what}").format(
                        size=f"{size:,}", seconds=f"{time.monotonic() - begun:.0f}", what=what
                    ),
                    highlight=False,
                )
    except BaseException:
        # half filled it would pass for full at the next run
        drop(socket, name)
        raise


def exists(socket: embedded.Socket, name: str) -> bool:
    with embedded.superuser(socket) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(socket: embedded.Socket, name: str) -> None:
    with embedded.superuser(socket) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def timed(name: str, *, rounds: int, seconds: int) -> dict[str, object]:
    from minqing.demo.bench_matters import actions, measure, report

    with served(name) as port, actions(port) as found:
        for number in measure(found, rounds=rounds, seconds=seconds):
            if number % 10 == 0:
                console.print(_("{name}: round {number}").format(name=name, number=number), highlight=False)
        return report(found)


@contextlib.contextmanager
def served(name: str) -> Iterator[int]:
    """The web server as `minqing up` runs it, on a free port, telling with each answer what it cost."""
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    # where nobody has built the pages WhiteNoise would warn of it with each start
    (env().var / "static").mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        webserver.command(port, "minqing.demo.measured:application"),
        env=os.environ | {"MINQING_DB_NAME": name, "PORT": str(port)},
        start_new_session=True,
    )
    try:
        # whoever measures a busy machine waits for it
        until = time.monotonic() + 6 * START_SECONDS
        while not answers(port):
            if child.poll() is not None or time.monotonic() > until:
                raise SystemExit("The measured server does not answer; run: minqing doctor")
            time.sleep(0.2)
        yield port
    finally:
        child.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(10)
        kill_group(child)
        child.wait()
