"""The embedded PostgreSQL: its owner role, its app role and the database. :mod:`minqing.config.cluster` runs it.

The owner role runs migrations. The app role owns nothing and cannot bypass row-level security; what it may do
with each table is granted by the migrations.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg
from psycopg import sql

from minqing.config.cluster import SUPERUSER, Socket, running, start, stop
from minqing.core import indexes

__all__ = ["APP", "OWNER", "SUPERUSER", "Socket", "ensure_database", "running", "start", "stop", "superuser"]

OWNER = "minqing_owner"
APP = "minqing_app"
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
# before it reads its log again a killed server has every file written out: one call instead of thousands, seconds less
SOON_BACK = {"recovery_init_sync_method": "syncfs"} if sys.platform.startswith("linux") else {}
# the log that waits for a folder of backups that is away must not fill the disk of the database; then a gap is told
BOUNDED = {"max_slot_wal_keep_size": "4096"}
SETTINGS = QUIET | SOON_BACK | BOUNDED


def superuser(socket: Socket, database: str = "postgres") -> psycopg.Connection:
    """An autocommitting superuser connection; only set-up, tests and restores have use for it."""
    return psycopg.connect(host=socket.folder, port=socket.port, user=SUPERUSER, dbname=database, autocommit=True)


def holds_something(pgdata: Path, database: str) -> bool:
    """Whether the database has tables. Of a server that does not run it is not known, and taken for so."""
    if not (pgdata / "PG_VERSION").exists():
        return False
    socket = running(pgdata)
    if socket is None:
        return True
    with superuser(socket) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            return False
    with superuser(socket, database) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone())


def keep_settings(connection: psycopg.Connection) -> None:
    """Have the server's own log hold no statements and no values, and have it back soon after a crash.

    Also of one that was set up earlier. Idempotent.
    """
    rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SETTINGS)]).fetchall()
    other = [name for name, value in rows if value != SETTINGS[name]]
    for name in other:
        value = sql.Literal(SETTINGS[name])
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
    if other:
        connection.execute("SELECT pg_reload_conf()")


def ensure_database(socket: Socket, database: str) -> bool:
    """Make roles and database if they are not there. Returns whether the database was made now."""
    with superuser(socket) as connection:
        keep_settings(connection)
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
        if not indexes.searches_by_index(connection):
            connection.execute(indexes.LEAKPROOF)
        if new:
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APP)))
    return new
