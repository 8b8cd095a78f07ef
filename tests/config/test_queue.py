"""The job queue survives what workers do not."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from minqing.config import embedded
from minqing.config.tasks import MOST_ATTEMPTS
from tests.embedded import SOCKET

PROBE = Path(__file__).with_name("worker_probe.py")
pytestmark = pytest.mark.slow


def worker(mode: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(PROBE.parents[2])}
    return subprocess.Popen([sys.executable, str(PROBE), mode], env=environment, stderr=subprocess.DEVNULL)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def one(sql: str, *parameters: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


@pytest.fixture
def tables(committed: None) -> Iterator[None]:
    """Two tables of the test's own, which the app's role may write."""
    name = os.environ["MINQING_DB_NAME"]
    with embedded.superuser(SOCKET, name) as admin:
        admin.execute("CREATE TABLE probe_begun (key text); CREATE TABLE probe_done (key text PRIMARY KEY)")
        admin.execute(f"GRANT SELECT, INSERT ON probe_begun, probe_done TO {embedded.APP}")
    yield
    with embedded.superuser(SOCKET, name) as admin:
        admin.execute("DROP TABLE probe_begun, probe_done")


def pick_up() -> None:
    """What the periodic job does, with less patience."""
    from procrastinate.contrib.django import app

    from minqing.config import tasks

    async def run() -> None:
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
            context = type("Context", (), {"app": opened})
            await tasks.pick_up_stalled(context, 0)

    asyncio.run(run())


@pytest.mark.fault(46)
def test_a_job_whose_worker_was_killed_runs_again_and_does_its_work_once(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from procrastinate.contrib.django import app

    monkeypatch.setattr("minqing.config.tasks.SILENT_SECONDS", 2)
    app.configure_task("tests.slow").defer(key="a")
    first = worker("wait")
    until(lambda: one("SELECT count(*) FROM probe_begun") == 1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert one("SELECT count(*) FROM probe_done") == 0
    time.sleep(3)
    pick_up()
    second = worker("once")
    assert second.wait(40) == 0
    assert one("SELECT count(*) FROM probe_begun") == 2
    assert one("SELECT count(*) FROM probe_done") == 1
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.slow'") == "succeeded"


@pytest.mark.fault(47)
def test_a_job_that_kills_every_worker_is_set_aside_in_the_end(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from procrastinate.contrib.django import app

    monkeypatch.setattr("minqing.config.tasks.SILENT_SECONDS", 0)
    app.configure_task("tests.slow").defer(key="b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [MOST_ATTEMPTS])
    pick_up()
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.slow'") == "failed"


@pytest.mark.fault(47)
def test_a_job_that_fails_does_not_hold_up_the_others(tables: None) -> None:
    from procrastinate.contrib.django import app

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES ('c')")
    app.configure_task("tests.poison").defer()
    app.configure_task("tests.slow").defer(key="c")
    assert worker("once").wait(40) == 0
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.poison'") == "failed"
    assert one("SELECT count(*) FROM probe_done") == 1
