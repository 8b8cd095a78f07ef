"""The embedded server for as long as a command needs it: who has started it for a command leaves none running.

Every command that uses the server holds a shared lock on a file beside its data; who is the last to let go of it
stops the server, if it was started for a command. One that serves, or was there before, goes on.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from pathlib import Path
from typing import Final

import psycopg

from minqing.config import cluster, embedded
from minqing.config.locks import in_use, make_own
from minqing.config.processes import Unfit

LONGEST_NUMBER: Final = 20
OTHERS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> %s
"""
_joined: dict[Path, int] = {}


def joined(pgdata: Path, serving: Path, *, stays: bool) -> embedded.Socket:
    """Start the server, or join the one that runs. ``serving``: the lock of the process that serves from it."""
    if pgdata not in _joined:
        import fcntl

        path = pgdata.with_name(f"{pgdata.name}.users")
        try:
            make_own(pgdata.parent)
            # open as long as this process lives, and not in what it executes
            file = _joined[pgdata] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except PermissionError:
            # which says whose the folder is
            return embedded.start(pgdata)
        # waits while somebody stops it
        fcntl.flock(file, fcntl.LOCK_SH)
        there = embedded.running(pgdata) is not None
        socket = embedded.start(pgdata)
        if stays:
            os.ftruncate(file, 0)
        else:
            if not there:
                # the number of the server that was started for a command
                os.ftruncate(file, 0)
                os.write(file, number_of(pgdata).encode())
            atexit.register(leave, file, pgdata, serving, os.getpid())
        return socket
    return embedded.start(pgdata)


def number_of(pgdata: Path) -> str:
    return next(iter(cluster.lines_of(pgdata)), "")


def leave(file: int, pgdata: Path, serving: Path, process: int) -> None:
    """At the end of this process, not of those that were made of it."""
    import fcntl

    if os.getpid() != process:
        return
    let_go()
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        # the last of the others sees to it
        return
    noted = os.pread(file, LONGEST_NUMBER, 0).decode()
    if not noted or noted != number_of(pgdata) or in_use(serving):
        return
    with contextlib.suppress(Unfit, OSError, psycopg.Error):
        if not others(pgdata):
            embedded.stop(pgdata)


def let_go() -> None:
    """Our own connections, which are none of somebody else's."""
    if "django.db" in sys.modules:
        from django.db import connections

        with contextlib.suppress(Exception):
            connections.close_all()


def others(pgdata: Path) -> int:
    """How many connections there are that are not called as ours: a web server started by hand, psql."""
    socket = embedded.running(pgdata)
    if socket is None:
        return 0
    with embedded.superuser(socket) as connection:
        row = connection.execute(OTHERS, [os.environ.get("PGAPPNAME", "")]).fetchone()
    return row[0] if row else 0
