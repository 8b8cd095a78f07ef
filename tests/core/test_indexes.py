"""An index on a table in use: nobody waits for it, and one that was broken off is made anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddIndex

from minqing.config import embedded
from minqing.core.indexes import AddIndexBesides
from tests.architecture.of_rooms import brought
from tests.cast import Cast
from tests.embedded import SOCKET

INDEX = "household_trial"
WAITS = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'"


def add_index() -> None:
    owner = connections["owner"]
    migration = migrations.Migration("trial", "households")
    migration.operations = [AddIndexBesides("household", models.Index(fields=["address"], name=INDEX))]
    before: Any = MigrationExecutor(owner).loader.project_state()
    with owner.schema_editor(atomic=False) as editor:
        migration.apply(before, editor)


@pytest.fixture
def beside(committed: None) -> Iterator[psycopg.Connection]:
    name = connections["default"].settings_dict["NAME"]
    with embedded.superuser(SOCKET, name) as connection:
        yield connection
        connection.execute(f"DROP INDEX IF EXISTS {INDEX}")


def valid(beside: psycopg.Connection) -> bool | None:
    found = beside.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX]).fetchone()
    return found[0] if found else None


def waiting(beside: psycopg.Connection) -> int:
    """The process that waits with the index, once it does."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = beside.execute(WAITS).fetchone()
        if found:
            return int(found[0])
        time.sleep(0.02)
    pytest.fail("it waits for nobody")


@pytest.mark.fault(57)
def test_others_write_while_an_index_waits_and_one_that_was_broken_off_is_made_anew(
    committed_cast: Cast, beside: psycopg.Connection
) -> None:
    errors: list[Exception] = []

    def index() -> None:
        try:
            add_index()
        except OperationalError as error:
            errors.append(error)
        finally:
            connections["owner"].close()

    with transaction.atomic(), committed_cast.everything():
        committed_cast.household()
        other = threading.Thread(target=index)
        other.start()
        pid = waiting(beside)
        beside.execute("SET lock_timeout = '1s'")
        beside.execute("UPDATE households_household SET address = address")
        beside.execute("SELECT pg_cancel_backend(%s)", [pid])
        other.join(30)
    assert len(errors) == 1
    assert valid(beside) is False
    for _ in range(2):
        add_index()
        assert valid(beside) is True
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("2s",)


@pytest.mark.fault(57)
def test_an_index_on_a_table_that_may_be_full_is_made_beside_the_work() -> None:
    found, before = [], brought("AT_ONCE")
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if not migration.__module__.startswith("minqing.") or f"{app}.{name}" in before:
            continue
        made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
        indexes = [one for one in migration.operations if isinstance(one, AddIndex)]
        late = [one for one in indexes if one.model_name_lower not in made]
        found += [(app, name) for one in late if not isinstance(one, AddIndexBesides)]
        if any(isinstance(one, AddIndexBesides) for one in late):
            assert not migration.atomic, (app, name)
            assert len(migration.operations) == len(late), f"{app} {name}: in a file of its own"
    assert found == []
