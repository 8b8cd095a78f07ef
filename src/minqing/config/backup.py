"""A backup of the county while it runs: database, pictures, tables handed in and settings, of one moment.

The database is read in one snapshot by a superuser of the embedded server, whom no wall hides a row from; rows are
counted in the same snapshot. Pictures are written before the row that names them and are read afterwards.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from pydantic import SecretStr

from minqing.config import embedded
from minqing.config.archives import Manifest, pack
from minqing.config.cluster import binaries
from minqing.config.env import Env
from minqing.config.processes import Unfit
from minqing.config.words import _

DUMP: Final = "database.dump"
SETTINGS: Final = "settings.env"
# below the data folder, and not made anew from the database or the software
FOLDERS: Final = ("files", "imports")
# where this one lies says nothing of where it will
PLACES: Final = {"minqing_var", "minqing_pgdata"}
# a migration holds its table for two seconds at the most
LOCK_WAIT: Final = "10s"
TABLES: Final = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2
"""
LAST_SEAL: Final = "SELECT number, digest FROM journal_seal ORDER BY number DESC LIMIT 1"


def back_up(target: Path, recipients: list[Any], settings: Env) -> Manifest:
    """Write the backup of the running embedded server; the database must be up to date with this software."""
    socket = embedded.running(settings.pgdata)
    if socket is None:
        raise Unfit(_("The embedded PostgreSQL does not run. Run: minqing doctor"))
    scratch = Path(tempfile.mkdtemp(prefix=".backup-", dir=settings.var))
    try:
        with embedded.superuser(socket, settings.minqing_db_name) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            manifest = described(connection)
            dump(socket, settings.minqing_db_name, value_of(connection, "SELECT pg_export_snapshot()"), scratch / DUMP)
        (scratch / SETTINGS).write_text(told_settings(settings), encoding="utf-8")
        return pack(target, manifest, parts(scratch, settings.var), recipients)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def described(connection: psycopg.Connection) -> Manifest:
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
        tables=counted(connection),
        seal=[*(connection.execute(LAST_SEAL).fetchone() or ())],
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


def dump(socket: embedded.Socket, database: str, snapshot: str, path: Path) -> None:
    call_program(
        socket, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}",
        f"--file={path}", f"--dbname={database}",
    )  # fmt: skip


def call_program(socket: embedded.Socket, program: str, *words: str) -> None:
    where = (f"--host={socket.folder}", f"--port={socket.port}", f"--username={embedded.SUPERUSER}", "--no-password")
    done = subprocess.run(
        [str(binaries() / program), *where, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or [str(done.returncode)]
        raise Unfit(_("PostgreSQL's {program} failed: {what}").format(program=program, what=said[0][:200]))


def parts(scratch: Path, var: Path) -> Iterator[tuple[str, Path]]:
    for name in (DUMP, SETTINGS):
        yield name, scratch / name
    for folder in FOLDERS:
        for path in sorted((var / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(var).as_posix(), path


def told_settings(settings: Env) -> str:
    """The settings that were made, as lines for the environment; never a key, a password or an address with one."""
    lines = []
    for name in sorted(settings.model_fields_set - PLACES):
        value = getattr(settings, name)
        if not isinstance(value, SecretStr):
            lines.append(f"{name.upper()}={value}\n")
    return "".join(lines)
