"""``/readyz``: 200 where people can work; what is in the way is one word each, and nobody's."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from procrastinate.contrib.django import app

from minqing.config import metrics, readiness
from minqing.config.cli import doctor
from minqing.config.env import env
from minqing.core import clock
from minqing.core.models import Timekeeping
from minqing.core.timekeeping import NAME
from minqing.privacy import key_prints
from tests.config.test_periodic import succeeded

pytestmark = pytest.mark.django_db
Harm = Callable[[Path, pytest.MonkeyPatch], None]
WELL = ["ready", "database: ok", "worker: ok", "clock: ok", "jobs: ok", "keys: ok", "disk: ok", "restore: ok"]


@pytest.fixture
def client() -> Client:
    """Who may read more than whether."""
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where people can work: a worker lives and has done what it should. Returns its data folder."""
    own = env().model_copy(update={"minqing_var": tmp_path, "minqing_pgdata": tmp_path / "pg"})
    monkeypatch.setattr(readiness, "env", lambda: own)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    for one in app.periodic_registry.periodic_tasks.values():
        succeeded(one.task.name, clock.now())
    return tmp_path


def not_again(task: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [task])
    succeeded(task, clock.now() - timedelta(days=2))


def reads_only(_var: Path, _patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def no_worker(_var: Path, _patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")


def months_ahead(_var: Path, _patch: pytest.MonkeyPatch) -> None:
    Timekeeping.objects.update_or_create(pk=NAME, defaults={"seen_at": clock.now() - timedelta(days=400, hours=1)})


def set_back(_var: Path, _patch: pytest.MonkeyPatch) -> None:
    Timekeeping.objects.update_or_create(pk=NAME, defaults={"seen_at": clock.now() + timedelta(hours=1)})


def other_key(_var: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(key_prints, "noted_prints", lambda *, using: {"index_key": {"00000000"}})


def unfinished(var: Path, _patch: pytest.MonkeyPatch) -> None:
    (var / ".restore-unfinished").touch()


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (reads_only, "database: reads only"),
        (no_worker, "worker: none"),
        (lambda _var, _patch: not_again("journal.seal"), "jobs: late journal.seal"),
        (months_ahead, "clock: leapt 400 days"),
        (set_back, "clock: set back"),
        (other_key, "keys: other index_key"),
        (unfinished, "restore: unfinished"),
    ],
)
def test_what_is_in_the_way_of_work_is_one_line_and_503(
    county: Path, client: Client, monkeypatch: pytest.MonkeyPatch, harm: Harm, line: str
) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()) == (200, WELL)
    harm(county, monkeypatch)
    answer = client.get("/readyz")
    name = line.partition(":")[0]
    expected = ["not ready", *(line if one.startswith(name) else one for one in WELL[1:])]
    assert (answer.status_code, answer.content.decode().splitlines()) == (503, expected)
    assert answer["Cache-Control"] == "no-store"
    # a stranger reads whether, and not what: it is the same page for all
    assert client.get("/readyz", REMOTE_ADDR="10.1.2.3").content.decode().splitlines() == ["not ready"]


def test_after_days_without_power_people_work_and_who_watches_is_told(county: Path, client: Client) -> None:
    Timekeeping.objects.update_or_create(pk=NAME, defaults={"seen_at": clock.now() - timedelta(days=9)})
    answer = client.get("/readyz")
    assert (answer.status_code, "clock: leapt 9 days" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("name", ["config.back_up", "config.keep_moments"])
def test_a_backup_that_is_late_is_told_and_takes_nobody_s_day(county: Path, client: Client, name: str) -> None:
    not_again(name)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert f"jobs: late {name}" in answer.content.decode().splitlines()


@pytest.mark.parametrize("folder", ["data", "database", "backups"])
def test_a_full_disk_of_the_backups_is_the_doctor_s_affair_and_any_other_takes_the_work(
    county: Path, client: Client, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setattr(readiness, "filled", lambda: {folder: county / "not" / "there" / "yet"})
    monkeypatch.setattr(readiness, "LEAST_DISK", 2**62)
    answer = client.get("/readyz")
    told = "disk: ok" if folder == "backups" else f"disk: full {folder}"
    assert told in answer.content.decode().splitlines()
    assert answer.status_code == (200 if folder == "backups" else 503)


def test_a_disk_that_does_not_answer_is_said_and_hides_nothing_else(
    county: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(folder: Path) -> int:
        if folder == county:
            raise OSError(errno.ESTALE, "Stale file handle")
        return 2**40

    for module in (readiness, metrics):
        monkeypatch.setattr(module, "filled", lambda: {"data": county, "database": county.parent})
        monkeypatch.setattr(module, "free_below", gone)
    assert "disk: does not answer" in client.get("/readyz").content.decode().splitlines()
    figures = client.get("/metrics").content.decode()
    assert 'disk_free_bytes{folder="database"}' in figures
    assert 'folder="data"' not in figures


def test_while_the_database_is_away_it_says_so_itself_and_knows_the_rest(county: Path, client: Client) -> None:
    def gone(*_args: Any) -> None:
        raise OperationalError from psycopg.OperationalError("the connection is closed")

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content.decode().splitlines() == ["not ready", "database: away", "disk: ok", "restore: ok"]


def test_the_doctor_looks_at_each_disk_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pg, backups = tmp_path / "pg", tmp_path / "backups"
    monkeypatch.setattr(doctor, "filled", lambda: {"data": tmp_path, "database": pg, "backups": backups})
    # the database lies on the disk of the data, the backups on another, which is full
    disks = {tmp_path: 1, pg: 1, backups: 2}
    monkeypatch.setattr(doctor, "there", lambda one: SimpleNamespace(stat=lambda: SimpleNamespace(st_dev=disks[one])))
    monkeypatch.setattr(doctor, "free_below", lambda one: 0 if one == backups else 2**40)
    found = doctor.disk()
    assert (found.well, found.seen) == (
        False, f"1024.0 GiB free in {tmp_path}; 0.0 GiB free in {backups}"
    )  # fmt: skip
