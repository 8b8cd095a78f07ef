"""The database itself: which tables have a wall, what nobody sees without a context, what the app's role may do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from minqing.config import embedded
from tests.architecture.of_rooms import brought
from tests.embedded import SOCKET
from tests.privacy.catalog import OPEN, WALLED, names, tables_about_people, without_a_wall

# what fills a column of each type; NULL where it may be
VALUES = {
    "uuid": "gen_random_uuid()", "integer": "1", "smallint": "1", "bigint": "1", "boolean": "false",
    "integer[]": "'{}'",
    "uuid[]": "'{}'",
    "character varying[]": "'{}'",
    "date": "current_date",
    "text": "'x'", "character varying": "'x'", "bytea": "''", "jsonb": "'{}'", "timestamp with time zone": "now()",
    "double precision": "1", "numeric": "1", "tsvector": "''",
}  # fmt: skip
# where a check wants more than a type
SPECIAL = brought("CHECKED")
COLUMNS = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
    AND attnotnull AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
"""


def database() -> str:
    return str(settings.DATABASES["default"]["NAME"])


@pytest.fixture
def admin(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A superuser, whom no wall holds back; everything it did is undone."""
    with psycopg.connect(host=SOCKET.folder, port=SOCKET.port, user=embedded.SUPERUSER, dbname=database()) as connected:
        yield connected
        connected.rollback()


@pytest.fixture
def app(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The app's role on a connection of its own: a shell, a cron job."""
    with psycopg.connect(
        host=SOCKET.folder, port=SOCKET.port, user=embedded.APP, dbname=database(), autocommit=True
    ) as connected:
        yield connected


def insertion(cursor: Any, table: str) -> sql.Composed:
    """One row that every column's type takes."""
    columns = cursor.execute(COLUMNS, [table]).fetchall()
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
        sql.SQL(", ").join(sql.SQL(SPECIAL.get((table, name), VALUES[kind])) for name, kind in columns),
    )


@pytest.mark.fault(22)
def test_no_table_with_a_wall_shows_or_takes_a_row_without_a_context(committed: None, app: psycopg.Connection) -> None:
    with embedded.superuser(SOCKET, database()) as admin:
        # rows of no parents: only the wall is asked
        admin.execute("SET session_replication_role = replica")
        tables = sorted(names(admin, WALLED))
        insertions = {table: insertion(admin, table) for table in tables}
        for table in tables:
            admin.execute(insertions[table])
        assert len(tables) >= 15
        for table in tables:
            name = sql.Identifier(table)
            assert admin.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone() == (1,), table
            assert app.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone() == (0,), table
            # of some tables nothing may be deleted at all
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                assert app.execute(sql.SQL("DELETE FROM {}").format(name)).rowcount == 0, table
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                app.execute(insertions[table])
        assert all(
            admin.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() == (1,)
            for table in tables
        )


@pytest.mark.fault(24)
def test_every_table_that_holds_something_of_people_has_a_wall(admin: psycopg.Connection) -> None:
    assert without_a_wall(admin) == set()


@pytest.mark.fault(24)
def test_exceptions_are_tables_that_would_be_found_and_have_no_wall(admin: psycopg.Connection) -> None:
    assert set(OPEN) <= tables_about_people()
    assert not set(OPEN) & names(admin, WALLED)


@pytest.mark.fault(24)
def test_a_new_table_without_a_wall_would_be_found(admin: psycopg.Connection) -> None:
    with admin.cursor() as cursor:
        cursor.execute("CREATE TABLE households_pet (id int, owner uuid REFERENCES households_resident)")
        assert without_a_wall(cursor) == {"households_pet"}
        cursor.execute("ALTER TABLE households_pet ENABLE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY wall ON households_pet USING (id = 1)")
        assert without_a_wall(cursor) == {"households_pet"}, "not forced: the owner would see all"
        cursor.execute("ALTER TABLE households_pet FORCE ROW LEVEL SECURITY")
        assert without_a_wall(cursor) == set()


@pytest.mark.fault(24)
def test_every_policy_asks_for_the_context(admin: psycopg.Connection) -> None:
    """By a setting of the transaction or through a parent, for reading and for writing."""
    rows = admin.execute("SELECT tablename, qual, with_check, cmd, permissive FROM pg_policies").fetchall()
    assert {row[0] for row in rows} == names(admin, WALLED)
    for table, seen, written, command, _ in rows:
        assert command == "ALL", table
        for condition in (seen, written):
            assert "current_setting('minqing." in condition or "EXISTS" in condition, table


def test_the_apps_role_owns_nothing_and_has_no_powers(admin: psycopg.Connection) -> None:
    powers = admin.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s",
        [embedded.APP],
    ).fetchone()
    assert powers == (False,) * 5
    assert names(admin, "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", embedded.APP) \
        == set()  # fmt: skip
    for owned in (
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole",
        "SELECT proname FROM pg_proc WHERE proowner = %s::regrole",
        "SELECT nspname FROM pg_namespace WHERE nspowner = %s::regrole",
        "SELECT datname FROM pg_database WHERE datdba = %s::regrole",
    ):
        assert names(admin, owned, embedded.APP) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE households_household ADD COLUMN mine int",
        "ALTER TABLE households_household DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON households_household",
        "DROP TABLE visits_visit",
        "TRUNCATE visits_visit CASCADE",
        "ALTER TABLE journal_event DISABLE TRIGGER refused",
        "DROP TRIGGER refused ON journal_event",
        "UPDATE journal_event SET type = type",
        "CREATE TRIGGER mine BEFORE INSERT ON org_area EXECUTE FUNCTION journal_refuse()",
        "CREATE OR REPLACE FUNCTION public.journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE ROLE mine",
        f"SET ROLE {embedded.OWNER}",
        f"SET SESSION AUTHORIZATION {embedded.OWNER}",
        f"ALTER ROLE {embedded.APP} BYPASSRLS",
        "SET session_replication_role = replica",
        "SET log_statement = 'all'",
        "ALTER SYSTEM SET log_statement = 'all'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT rolpassword FROM pg_authid",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    ],
)
def test_the_apps_role_may_not(app: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_the_apps_role_cannot_turn_the_wall_off(app: psycopg.Connection) -> None:
    """``row_security = off`` does not open it: the query fails instead."""
    app.execute("SET row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT * FROM households_household")


READ, ADD = {"SELECT"}, {"SELECT", "INSERT"}
NO_MORE = {
    "journal_event": ADD, "journal_seal": READ, "journal_sealedevent": READ, "core_edition": READ,
    "core_release": READ, "privacy_keyprint": READ, "django_migrations": READ, "django_content_type": READ,
    "auth_permission": READ, "auth_group": READ, "auth_group_permissions": READ,
}  # fmt: skip


@pytest.mark.fault(29)
@pytest.mark.fault(76)
def test_the_app_may_add_to_the_journal_and_read_what_others_write_and_nothing_else(admin: psycopg.Connection) -> None:
    asked = "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = %s AND table_name = %s"
    assert {table: names(admin, asked, embedded.APP, table) for table in NO_MORE} == NO_MORE


def test_tests_run_as_the_apps_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (embedded.APP, embedded.APP)
