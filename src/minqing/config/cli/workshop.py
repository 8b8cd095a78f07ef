"""What benches of rooms work with: databases and a server of their own, and gone when they are done."""

from __future__ import annotations

import contextlib
import os
import signal
import socket as sockets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from minqing.config import embedded, webserver
from minqing.config.cli.base import lend_folder, ready
from minqing.config.cluster import binaries
from minqing.config.env import env
from minqing.config.processes import check_folder
from minqing.config.subprocesses import kill_group
from minqing.config.supervisor import START_SECONDS, answers


def open_workshop(name: str, *, bring_up_to_date: Callable[[], None]) -> Workshop:
    """Ends with a sentence where the database is another's."""
    lend_folder()
    settings = env()
    if not settings.embedded:
        raise SystemExit("This bench makes databases of its own: unset DATABASE_URL.")
    check_folder(settings.var)
    os.environ["MINQING_DB_NAME"] = name
    env.cache_clear()
    return Workshop(embedded.start(settings.pgdata), bring_up_to_date)


@dataclass(frozen=True)
class Workshop:
    """See :class:`minqing.core.command.Workshop`."""

    socket: embedded.Socket
    bring_up_to_date: Callable[[], None]
    owner: str = embedded.OWNER
    app: str = embedded.APP

    def prepare(self) -> None:
        ready(makes=True)
        self.bring_up_to_date()

    def exists(self, name: str) -> bool:
        with embedded.superuser(self.socket) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def make(self, name: str, *, like: str = "") -> None:
        if not like:
            embedded.ensure_database(self.socket, name)
            return
        with embedded.superuser(self.socket) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(like), sql.Identifier(embedded.OWNER)
                )
            )

    def drop(self, name: str) -> None:
        with embedded.superuser(self.socket) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connected(self, name: str) -> AbstractContextManager[psycopg.Connection]:
        return embedded.superuser(self.socket, name)

    def pgbench(self, name: str, *options: str) -> str:
        where = ["-h", str(self.socket.folder), "-p", str(self.socket.port)]
        command = [str(binaries() / "pgbench"), *where, *options, name]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    @contextlib.contextmanager
    def served(self, name: str, application: str) -> Iterator[int]:
        """On a free port."""
        with sockets.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        # where nobody has built the pages WhiteNoise would warn of it with each start
        (env().var / "static").mkdir(parents=True, exist_ok=True)
        child = subprocess.Popen(
            webserver.command(port, application),
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
