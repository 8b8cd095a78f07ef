"""A migration on the registry's tables waits two seconds for its lock, not longer, and can be run again."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connections, migrations, models, transaction
from django.db.migrations.state import ProjectState

from minqing.config.database import LOCK_TIMEOUT, with_lock_timeout
from tests.cast import Cast

ADD = migrations.AddField("household", "trial", models.IntegerField(null=True))


def migrate() -> None:
    """What `minqing up` does with one migration that changes a large table."""
    from django.db.migrations.executor import MigrationExecutor

    owner = connections["owner"]
    before: ProjectState = MigrationExecutor(owner).loader.project_state()
    migration = migrations.Migration("trial", "households")
    migration.operations = [ADD]
    with owner.schema_editor(atomic=True) as editor:
        migration.apply(before, editor)


def columns() -> set[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = 'households_household'::regclass")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.fault(57)
def test_a_blocked_migration_gives_up_leaves_all_as_it_was_and_works_when_run_again(committed_cast: Cast) -> None:
    with transaction.atomic(), committed_cast.everything():
        home = committed_cast.household()
        # the row is read in a long transaction, as a report or a forgotten console does
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate()
        home.refresh_from_db()
        assert "trial" not in columns()
    try:
        migrate()
        assert "trial" in columns()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE households_household DROP COLUMN IF EXISTS trial")


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owners_connection_has_the_limit_and_keeps_other_options() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == (LOCK_TIMEOUT,)
    connections["owner"].close()
    assert with_lock_timeout({"options": "-c search_path=x", "sslmode": "require"}) == {
        "options": "-c search_path=x -c lock_timeout=2s",
        "sslmode": "require",
    }
