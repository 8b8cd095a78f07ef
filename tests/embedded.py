"""Pytest plugin: a real PostgreSQL for the tests, started before Django reads its settings.

The cluster stays up between runs. Each run copies a template database, which is migrated anew only when a
migration or a piece of reference data changed. Migrations run as the owner role, tests as the app role.
"""

from __future__ import annotations

import gc
import hashlib
import os
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# each of several processes has a server of its own: a transaction that is open in one would hold up the other's journal
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
VAR = ROOT / "var" / f"test{WORKER}"
# a copy of the house whose tests are run by a test has the server of that one, and begins with its database
PGDATA = Path(os.environ.get("MINQING_TEST_PGDATA") or ROOT / "var" / f"test-pg{WORKER}")
BASE = os.environ.get("MINQING_TEST_BASE", "")

# while all tests are collected nothing becomes garbage; conftest.py lets the collector in again
gc.disable()
os.environ.pop("DATABASE_URL", None)
os.environ["MINQING_VAR"] = str(VAR)
os.environ["MINQING_PGDATA"] = str(PGDATA)
# what commands say is compared with the sentences in the code; tests/config/test_words.py asks for the others
os.environ["MINQING_LANG"] = "en"
# whatever the tests import of what serves a county: their connections are none of a county at work
os.environ["PGAPPNAME"] = "tests"
os.environ["MINQING_DB_NAME"] = os.environ.get("MINQING_TEST_DB", "mq_test")

from minqing.config import embedded  # noqa: E402

# WhiteNoise warns of a folder that is not there, and warnings are errors
(VAR / "static").mkdir(parents=True, exist_ok=True)
SOCKET = embedded.start(PGDATA)


def fingerprint() -> str:
    """Changes with everything that a fresh database is made from."""
    digest = hashlib.sha256()
    source = ROOT / "src" / "minqing"
    for path in sorted([*source.glob("*/migrations/*.py"), *source.glob("*/reference/*"), *source.glob("*/grants.py")]):
        digest.update(path.read_bytes())
    for path in sorted([*source.glob("*/models.py"), *source.glob("*/models/*.py"), Path(embedded.__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def template_name() -> str:
    return f"mq_template_{fingerprint()}"


def tune() -> None:
    """A test database may be lost in a power cut, and holds too few rows for what pays off with many."""
    with embedded.superuser(SOCKET) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def drop(name: str) -> None:
    with embedded.superuser(SOCKET) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def exists(name: str) -> bool:
    with embedded.superuser(SOCKET) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def make_template(template: str) -> None:
    """Migrate and load reference data into a new database, then keep it as the template."""
    from django.core.management import call_command
    from django.db import connections

    from minqing.config.reference import load_reference
    from tests.quick_states import quick_states

    name = os.environ["MINQING_DB_NAME"]
    drop(name)
    if BASE:
        with embedded.superuser(SOCKET) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{BASE}" OWNER {embedded.OWNER}')
    else:
        embedded.ensure_database(SOCKET, name)
    with quick_states():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    load_reference()
    for alias in connections:
        connections[alias].close()
    with embedded.superuser(SOCKET) as connection:
        if not exists(template):
            connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{template}"')


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> None:
    from django.db import connections

    tune()
    name, template = os.environ["MINQING_DB_NAME"], template_name()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if not exists(template):
            make_template(template)
        for alias in connections:
            connections[alias].close()
    drop(name)
    with embedded.superuser(SOCKET) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {embedded.OWNER}')


KEPT = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "matters_category",
    "deadlines_norm",
    "households_tag",
    "hazards_checklistversion",
    "org_workday",
    "core_edition",
    "bookings_term",
    "earning_function",
    "earning_functionversion",
)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: object) -> object:
    """A test that commits, as several connections or a real server need; the tables are emptied afterwards."""
    from django.db import connections

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        for alias in connections:
            connections[alias].close()
    empty_tables()


# emptying a table anew makes files for it and each of its indexes: a few rows are gone sooner one by one
FEW = 1000
# what an operator wrote of what a release brings
AS_SHIPPED = {
    "hazards_checklistversion": (
        "DELETE FROM hazards_checklistversion WHERE by_id IS NOT NULL",
        "UPDATE hazards_checklistversion one SET current = true WHERE NOT current AND number = "
        "(SELECT max(number) FROM hazards_checklistversion other WHERE other.code = one.code)",
    ),
    "earning_functionversion": (
        "DELETE FROM earning_functionversion WHERE by_id IS NOT NULL",
        "UPDATE earning_functionversion SET budget_id = NULL WHERE budget_id IS NOT NULL",
        "UPDATE earning_functionversion one SET current = true WHERE NOT current AND number = "
        "(SELECT max(number) FROM earning_functionversion other WHERE other.function_id = one.function_id)",
        "DELETE FROM earning_function one WHERE NOT EXISTS "
        "(SELECT FROM earning_functionversion version WHERE version.function_id = one.code)",
    ),
}
# also what those refer to in turn, as they are not truncated either
HELD = """
    WITH RECURSIVE held(oid) AS (
        SELECT oid FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)
        UNION SELECT confrelid FROM pg_constraint JOIN held ON held.oid = conrelid WHERE contype = 'f'
    )
    SELECT relname FROM pg_class JOIN held USING (oid)
"""
# ids of the tables that were emptied begin anew, the journal's numbers too
RESTART = """
    SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> ALL(%s)
"""


def empty_tables() -> None:
    """As superuser with triggers off: nobody else may empty the journal."""
    name = os.environ["MINQING_DB_NAME"]
    with embedded.superuser(SOCKET, name) as connection:
        connection.execute("SET session_replication_role = replica")
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = [f'"{row[0]}"' for row in rows if row[0] not in KEPT]
        counted = [f"SELECT '{one}', count(*) FROM (SELECT FROM {one} LIMIT {FEW})" for one in names]
        filled = [(row[0], row[1]) for row in connection.execute(" UNION ALL ".join(counted)) if row[1]]
        if any(count == FEW for _name, count in filled):
            # what a kept table refers to cannot be truncated, and is emptied row by row
            held = {f'"{row[0]}"' for row in connection.execute(HELD, [list(KEPT)])}
            connection.execute(f"TRUNCATE {', '.join(one for one in names if one not in held)}")
        for one, _count in filled:
            connection.execute(f"DELETE FROM {one}")
        # a test of an upgrade may have stopped before a room has its tables
        there = {row[0] for row in rows}
        for statement in chain.from_iterable(said for table, said in AS_SHIPPED.items() if table in there):
            connection.execute(statement)
        connection.execute(RESTART, [[f"{one}_id_seq" for one in KEPT]])
