"""A backup of the county while it runs: database, pictures, tables handed in and settings, of one moment.

The database is read in one snapshot by a role from whom no wall hides a row: the superuser of the embedded server, or
the one that is named for a server of your own. Rows are counted in the same snapshot. Pictures are written before the
row that names them and are read afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from pydantic import SecretStr

from minqing.config import embedded
from minqing.config.archives import Manifest, pack
from minqing.config.carriers import plain
from minqing.config.cluster import binaries
from minqing.config.disks import refuse_without_room
from minqing.config.env import Env
from minqing.config.locks import file_lock
from minqing.config.processes import Unfit
from minqing.config.words import N_, _

DUMP: Final = "database.dump"
SETTINGS: Final = "settings.env"
# below the data folder, and not made anew from the database or the software
FOLDERS: Final = ("files", "imports")
# below the data folder, while one is made; the lock is no part of it
SCRATCH: Final = ".backup-"
LOCK: Final = ".backup.lock"
# where this one lies says nothing of where it will
PLACES: Final = {"minqing_var", "minqing_pgdata"}
# a migration holds its table for two seconds at the most
LOCK_WAIT: Final = "10s"
TABLES: Final = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2
"""
# of the database's own roles, by which of our connections they are known
ROLES: Final = {"owner": "owner", "app": "default"}
# the PostgreSQL that comes with the package
OURS: Final = 18
LIBPQ: Final = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip
SEES_ALL: Final = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
READER: Final = N_(
    "A backup takes a role that may read every row ({name}). Make one in your server as superuser: CREATE ROLE "
    "minqing_backup LOGIN PASSWORD '…' BYPASSRLS; GRANT pg_read_all_data TO minqing_backup; and set BACKUP_DATABASE_URL"
)
# what needs no quotes anywhere
PLAIN: Final = re.compile(r"[\w@%+=:,./-]*")
SIZE: Final = "SELECT pg_database_size(current_database())"
HAS_EVENT: Final = "SELECT 1 FROM journal_event WHERE id = %s"
LAST_SEAL: Final = "SELECT number, digest FROM journal_seal ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True)
class Server:
    """A database, and as whom: ``told`` is what libpq takes. No command line, which all may read, holds it."""

    told: Mapping[str, str]

    def connect(self) -> psycopg.Connection:
        # no pool's notes of prepared statements, and no transaction but those that are begun
        return psycopg.connect(**self.told, autocommit=True, prepare_threshold=None)  # type: ignore[arg-type]

    def call(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.program(program), "--no-password", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {LIBPQ[name]: value for name, value in self.told.items() if name in LIBPQ},
        )
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or [str(done.returncode)]
            raise Unfit(_("PostgreSQL's {program} failed: {what}").format(program=program, what=said[0][:200]))

    def copy(self, folder: Path) -> None:
        """The server's own files as a packed tar, whole together with the log since it was begun."""
        words = ("--format=tar", "--compress=gzip:1", "--wal-method=none", "--checkpoint=fast", "--no-manifest")
        self.call("pg_basebackup", *words, f"--pgdata={folder}")

    def program(self, name: str) -> str:
        """Ours, or for a server that is newer the one that is installed beside it."""
        with self.connect() as connection:
            theirs = connection.info.server_version // 10000
        found = shutil.which(name)
        return found if theirs > OURS and found else str(binaries() / name)


def back_up(target: Path, recipients: list[object], settings: Env) -> Manifest:
    """Write the backup of the running server; the database must be up to date with this software."""
    with scratch_in(settings) as scratch:
        try:
            return backed_up(target, recipients, settings, scratch)
        except psycopg.errors.InsufficientPrivilege as error:
            raise Unfit(_(READER).format(name=str(error).partition("\n")[0])) from None


@contextmanager
def scratch_in(settings: Env) -> Iterator[Path]:
    """What is packed lies open there for a moment. Who was killed clears nothing away: the next one does."""
    with file_lock(settings.var / LOCK):
        for left in settings.var.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=settings.var))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def backed_up(target: Path, recipients: list[object], settings: Env, scratch: Path) -> Manifest:
    reader = reader_of(settings)
    with reader.connect() as connection:
        if not value_of(connection, SEES_ALL):
            raise Unfit(_(READER).format(name=connection.info.user))
        refuse_without_room(value_of(connection, SIZE), settings.var)
        known = None if settings.embedded else newest_event()
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        refuse_another_county(connection, known)
        manifest = described(connection, tables=counted(connection))
        dump(reader, value_of(connection, "SELECT pg_export_snapshot()"), scratch / DUMP)
    (scratch / SETTINGS).write_text(told_settings(settings), encoding="utf-8")
    # what is packed grows by a thousandth, if at all
    refuse_without_room(sum(size_of(path) for _name, path in parts(scratch, settings.var)), target.parent)
    return pack(target, manifest, parts(scratch, settings.var), recipients)


def newest_event() -> UUID | None:
    """By the connection by which this county works."""
    from minqing.journal.queries import last_event

    last = last_event()
    return last.pk if last else None


def refuse_another_county(connection: psycopg.Connection, known: UUID | None) -> None:
    """What is in the record stays in it: a database that lacks it is not the one at work, or one of long ago."""
    there = connection.execute("SELECT to_regclass('journal_event') IS NOT NULL").fetchone()
    found = there and there[0] and connection.execute(HAS_EVENT, [known]).fetchone()
    if known is not None and not found:
        raise Unfit(
            _(
                "BACKUP_DATABASE_URL leads to another database than DATABASE_URL: it lacks what was noted last in the "
                "record. No backup was made."
            )
        )


def reader_of(settings: Env) -> Server:
    """As whom the database is read."""
    if settings.embedded:
        socket = embedded.running(settings.pgdata)
        if socket is None:
            raise Unfit(_("The embedded PostgreSQL does not run. Run: minqing doctor"))
        return server_of(socket, settings.minqing_db_name)
    url = settings.backup_database_url
    if url is None:
        raise Unfit(_(READER).format(name="BACKUP_DATABASE_URL"))
    from minqing.config.database import from_setting

    told = from_setting("BACKUP_DATABASE_URL", url)
    named = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return Server(
        {name: value for name, value in (named | {"dbname": told["NAME"]} | told["OPTIONS"]).items() if value}
    )


def server_of(socket: embedded.Socket, database: str) -> Server:
    return Server({"host": socket.folder, "port": socket.port, "user": embedded.SUPERUSER, "dbname": database})


def described(connection: psycopg.Connection, *, tables: dict[str, int]) -> Manifest:
    from django.db import connections

    from minqing.core import clock
    from minqing.core.compatibility import GENERATION
    from minqing.core.version import own_version
    from minqing.privacy.key_prints import noted_prints

    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        version=own_version(),
        generation=GENERATION,
        postgresql=connection.info.server_version // 10000,
        transaction=int(value_of(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())")),
        migrations=[[*row] for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")],
        keys={name: sorted(prints) for name, prints in noted_prints().items()},
        tables=tables,
        seal=[*(connection.execute(LAST_SEAL).fetchone() or ())],
        size=int(value_of(connection, SIZE)),
        roles={name: connections[alias].settings_dict["USER"] for name, alias in ROLES.items()},
    )


def value_of(connection: psycopg.Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def counted(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for schema, table in connection.execute(TABLES.encode()).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        found[f"{schema}.{table}"] = row[0] if row else 0
    return found


def dump(server: Server, snapshot: str, path: Path) -> None:
    server.call(
        "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}", f"--file={path}"
    )


def parts(scratch: Path, var: Path, names: Sequence[str] = (DUMP, SETTINGS)) -> Iterator[tuple[str, Path]]:
    for name in names:
        yield name, scratch / name
    for folder in FOLDERS:
        for path in sorted((var / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(var).as_posix(), path


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        # erased since the folder was looked through
        return 0


def told_settings(settings: Env) -> str:
    """The settings that were made, as lines for the environment; never a key, a password or an address with one."""
    lines = []
    for name in sorted(settings.model_fields_set - PLACES):
        value = getattr(settings, name)
        if value is not None and not isinstance(value, SecretStr):
            lines.append(f"{name.upper()}={quoted(value)}\n")
    return "".join(lines)


def quoted(value: object) -> str:
    """As it is read again: as ``minqing.env``, by systemd and by a shell, which take quotes off and nothing else."""
    if isinstance(value, dict):
        told = json.dumps(plain(value), ensure_ascii=False).replace("'", "\\u0027").replace("\\\\", "\\u005c")
        return f"'{told}'"
    told = str(value)
    return told if PLAIN.fullmatch(told) else "'{}'".format(told.replace("\\", "\\\\").replace("'", "\\'"))
