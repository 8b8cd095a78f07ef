"""`minqing migrate` beside the work that goes on, and when it is refused half-way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from typer.testing import CliRunner

from minqing.config.cli import app, doctor
from minqing.config.cli.database import bring_up_to_date, migrations_to_run
from minqing.config.embedded import APP
from minqing.config.env import env
from minqing.config.locks import held
from minqing.matters.models import StaleDay
from minqing.privacy.grants import apply_grants
from tests.cast import Cast
from tests.config.test_upgrade import migrate

# of a single command Typer makes a program without commands
assert doctor


def may(table: str, word: str = "INSERT") -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [APP, table, word])
        return bool(cursor.fetchone()[0])


@pytest.mark.fault(57)
def test_a_matter_is_written_before_the_app_has_its_rights_on_what_the_upgrade_added(committed_cast: Cast) -> None:
    cast = committed_cast
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON matters_staleday FROM {APP}")
    try:
        with transaction.atomic():
            one = cast.matter()
            one.title = "改过的"
            with cast.everything():
                one.save()
    finally:
        apply_grants()
    assert StaleDay.objects.exists()


@pytest.mark.fault(57)
def test_nobody_meets_a_table_without_rights_while_they_are_granted_anew(committed: None) -> None:
    lacking = []

    def looking(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        answer = run(sql, params, many, context)
        if "org_account" in str(sql) and not may("org_account"):
            lacking.append(sql)
        return answer

    with connections["owner"].execute_wrapper(looking):
        apply_grants()
    assert (lacking, may("org_account")) == ([], True)


@pytest.fixture(scope="module")
def _upgraded_in_the_end(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        bring_up_to_date()
        for alias in connections:
            connections[alias].close()


@pytest.fixture
def behind(_upgraded_in_the_end: None, committed: None) -> None:
    """A migration before the last one, which takes seconds: whoever finds it so goes on from there."""
    if migrations_to_run() == 0:
        migrate(("notify", "0002_walls"))


@pytest.mark.fault(57)
def test_an_upgrade_that_is_refused_half_way_leaves_the_app_its_rights(behind: None) -> None:
    # as of a table that an earlier migration of the same run has made
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON matters_staleday FROM {APP}")
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE notify_notice IN ACCESS SHARE MODE")
        with pytest.raises(OperationalError, match="lock timeout"):
            bring_up_to_date()
    assert may("matters_staleday")


def test_tables_are_not_changed_under_what_serves_from_the_folder(behind: None) -> None:
    lock = env().var / "up.lock"
    with held(lock):
        refused = CliRunner().invoke(app, ["migrate"])
    assert "Minqing is up" in refused.output
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert migrations_to_run() > 0
    done = CliRunner().invoke(app, ["migrate"])
    assert (done.exit_code, migrations_to_run()) == (0, 0)
    with held(lock):
        assert CliRunner().invoke(app, ["migrate"]).exit_code == 0, "rights and reference data alone disturb nobody"
