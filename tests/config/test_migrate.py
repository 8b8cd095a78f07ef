"""`minqing migrate` beside the work that goes on, and when it is refused half-way."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from django.db import connections, transaction
from django.db.migrations import Migration, operations
from django.db.models import Index
from typer.testing import CliRunner

from minqing.config import running, upgrade_checks, webserver
from minqing.config.cli import app, database, doctor
from minqing.config.cli.database import bring_up_to_date
from minqing.config.embedded import APP
from minqing.config.env import env
from minqing.config.locks import held
from minqing.config.processes import Unfit
from minqing.config.upgrade_checks import migrations_to_run
from minqing.core.actor import Actor
from minqing.core.clock import now
from minqing.core.health import Finding
from minqing.demo.services.loading import BEGUN
from minqing.journal.services import record
from minqing.matters.models import StaleDay
from minqing.privacy.grants import apply_grants
from tests.browser.server import free_port
from tests.cast import Cast
from tests.config.test_upgrade import migrate
from tests.embedded import ROOT, empty_tables
from tests.processes import end, until

# what was not imported is no command of the program
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
    # it notes whose database it is, and the next test's is nobody's
    empty_tables()


@pytest.fixture
def behind(_upgraded_in_the_end: None, committed: None) -> None:
    """A migration before the last one, of a room on which no other is built: whoever finds it so goes on from there."""
    if migrations_to_run() == 0:
        migrate(("matters", "0042_handler_indexes"))


@pytest.mark.fault(137)
def test_a_table_that_somebody_holds_is_found_before_the_first_migration(
    behind: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade_checks, "PASSING", 0.01)
    left = migrations_to_run()
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE matters_matter IN ACCESS SHARE MODE")
        for command, code in (["migrate"], 2), (["upgrade", "--check"], 1), (["upgrade"], 1):
            refused = CliRunner().invoke(app, command)
            assert (refused.exit_code, migrations_to_run()) == (code, left), refused.output
            assert re.search(r"tests \(process \d+\) holds .*matters_matter", refused.output)
            assert "Traceback" not in refused.output
    assert CliRunner().invoke(app, ["migrate", "--check"]).exit_code == 1
    looked = CliRunner().invoke(app, ["upgrade", "--check"])
    assert (looked.exit_code, migrations_to_run()) == (0, left), looked.output
    assert f"{left} migrations to run" in looked.output


@pytest.mark.fault(137)
def test_an_upgrade_is_not_begun_without_a_fresh_backup(committed_cast: Cast) -> None:
    by, day = Actor.system("minqing backup"), timedelta(days=1)
    assert (upgrade_checks.backup().well, upgrade_checks.backup().seen) == (False, "none")
    record(type="config.backup.made", subject="backup:1", by=by, at=now() - day * 1.01)
    assert not upgrade_checks.backup().well
    record(type="config.backup.made", subject="backup:2", by=by, at=now() - day * 0.9)
    assert upgrade_checks.backup().well


@pytest.mark.fault(137)
def test_where_nothing_is_to_be_changed_nothing_else_is_asked_for(committed_cast: Cast) -> None:
    assert not upgrade_checks.backup().well
    assert [one.name for one in upgrade_checks.upgrade_findings(0)] == ["version"]
    assert "backup" in [one.name for one in upgrade_checks.upgrade_findings(1)]


@pytest.mark.fault(137)
def test_a_county_s_tables_are_not_changed_without_room_or_a_fresh_backup_unless_somebody_says_so(
    behind: None, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Begun(Exception):
        """It came to the first migration."""

    def run_migrations() -> None:
        raise Begun

    monkeypatch.setattr(database, "run_migrations", run_migrations)
    by = Actor.system("minqing backup")

    def told(*words: str) -> str:
        done = CliRunner().invoke(app, ["migrate", "--force", *words])
        return "begun" if isinstance(done.exception, Begun) else f"{done.exit_code} {done.output}"

    assert re.fullmatch(
        r"2 [^\n]*: backup \(none\)\. Not older [^\n]*; or add --although-unsafe\. Nothing was changed\.\n", told()
    )
    assert told("--although-unsafe") == "begun"
    record(type="config.backup.made", subject="backup:1", by=by, at=now())
    assert told() == "begun"
    full = Finding("disk", False, "1.0 GiB free", "Free some space.")
    monkeypatch.setattr(upgrade_checks, "disk", lambda: full)
    assert "disk (1.0 GiB free). Free some space; or add" in told()
    assert told("--although-unsafe") == "begun"
    record(type=BEGUN, subject="demo:village", by=by, at=now())
    assert told() == "begun", "a demo is made anew"
    assert upgrade_checks.backup().well, "and `minqing upgrade` says the same of it"


@pytest.mark.fault(137)
def test_as_much_room_is_asked_for_as_what_is_to_run_may_write_anew(
    behind: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"matters_matter": 3 * upgrade_checks.GIB, "matters_clock": 5, "org_area": 9 * upgrade_checks.GIB}
    monkeypatch.setattr(upgrade_checks, "SIZES", "VALUES " + ", ".join(f"('{name}', {n})" for name, n in sizes.items()))
    least = upgrade_checks.LEAST_DISK

    def needed(*operations: object) -> int:
        one = Migration("0099_later", "matters")
        one.operations = [*operations]  # type: ignore[list-item]
        monkeypatch.setattr(upgrade_checks, "pending", lambda: [one])
        return upgrade_checks.largest_changed()

    monkeypatch.setattr(upgrade_checks, "pending", list)
    assert upgrade_checks.largest_changed() == 0
    assert f", {least / upgrade_checks.GIB:.1f} GiB needed" in upgrade_checks.disk().seen
    assert needed(operations.RemoveField("clock", "due_at")) == 5
    assert needed(operations.CreateModel("other", [])) == 0
    assert needed(operations.RunSQL("SELECT 1")) == sizes["matters_matter"]
    assert needed(operations.SeparateDatabaseAndState([operations.RunSQL("SELECT 1")])) == sizes["matters_matter"]
    assert needed(operations.SeparateDatabaseAndState(state_operations=[operations.DeleteModel("matter")])) == 0
    assert needed(operations.AddIndex("Matter", Index(fields=["title"], name="x"))) == sizes["matters_matter"]


@pytest.mark.fault(57, 137)
def test_an_upgrade_that_is_refused_half_way_names_where_and_leaves_the_app_its_rights(
    behind: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody came for the table after it was looked for."""
    monkeypatch.setattr(upgrade_checks, "holders", lambda: iter(()))
    monkeypatch.setattr(database, "TRIES", 1)
    # as of a table that an earlier migration of the same run has made
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON matters_staleday FROM {APP}")
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE matters_matter IN ACCESS SHARE MODE")
        with pytest.raises(Unfit, match=r"Stopped before migration matters\.0043.* 0 of \d+ are made"):
            bring_up_to_date()
    assert may("matters_staleday")


def environment() -> dict[str, str]:
    """As a county's: its connections have the names that it gives them."""
    own = {name: value for name, value in os.environ.items() if name != "PGAPPNAME"}
    return own | {"PYTHONPATH": str(ROOT / "src")}


@pytest.fixture
def started() -> Iterator[Callable[[list[str]], subprocess.Popen[bytes]]]:
    """Starts a process that outlives no test."""
    all_of_them: list[subprocess.Popen[bytes]] = []

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        all_of_them.append(
            subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return all_of_them[-1]

    yield start
    for one in all_of_them:
        end(one)


def refused() -> str:
    answer = CliRunner().invoke(app, ["migrate"])
    assert (answer.exit_code, answer.output.count("\n")) == (2, 1), answer.output
    assert migrations_to_run() > 0
    return answer.output


@pytest.mark.slow
def test_tables_are_not_changed_under_a_web_server_elsewhere(
    behind: None, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    server = started(webserver.command(port))
    until(lambda: asked(port))
    assert f"web server on {socket.gethostname()}" in refused()
    monkeypatch.setenv("MINQING_LANG", "zh-hans")
    assert f"{socket.gethostname()} 上的网页服务" in refused()
    monkeypatch.delenv("MINQING_LANG")
    end(server)
    done = CliRunner().invoke(app, ["migrate"])
    assert (done.exit_code, migrations_to_run()) == (0, 0), done.output


@pytest.mark.slow
def test_tables_are_not_changed_under_a_worker_elsewhere_whether_it_names_itself_or_not(
    behind: None, started: Any
) -> None:
    probe = Path(__file__).with_name("worker_probe.py")
    # as one of an earlier release: its connections have no name, and it says that it lives
    worker = started([sys.executable, str(probe), "real"])
    until(lambda: bool(running.running_now().beats))
    assert ": worker" in refused() or "：worker" in refused()
    end(worker)
    worker = started([sys.executable, "-m", "minqing", "worker"])
    until(lambda: any("worker" in one for one in running.running_now().connected))
    assert f"worker on {socket.gethostname()}" in refused()
    assert CliRunner().invoke(app, ["migrate", "--force"]).exit_code == 0
    assert migrations_to_run() == 0
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0, "rights and reference data alone disturb nobody"
    end(worker)


def test_a_worker_that_was_killed_a_moment_ago_holds_up_no_upgrade(behind: None) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
    assert migrations_to_run() == 0


def asked(port: int) -> tuple[str, ...]:
    """What is seen to be connected, once a page was asked for."""
    with contextlib.suppress(OSError):
        build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    return running.running_now().connected


MADE_UP = [["demo"], ["bench", "pages", "--scale", "village"]]


@pytest.mark.parametrize("command", MADE_UP, ids=" ".join)
def test_no_demo_is_laid_out_under_what_serves_from_the_folder(behind: None, command: list[str]) -> None:
    with held(env().var / "up.lock"):
        refused = CliRunner().invoke(app, command)
    assert "Minqing is up" in refused.output
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert migrations_to_run() > 0


@pytest.mark.parametrize("command", MADE_UP, ids=" ".join)
def test_a_county_that_gets_no_demo_keeps_its_tables(behind: None, committed_cast: Cast, command: list[str]) -> None:
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 1, refused.output
    assert migrations_to_run() > 0


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
