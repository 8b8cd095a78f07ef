"""The job queue survives what workers do not."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from minqing.config import embedded
from minqing.config.cli import doctor_jobs
from minqing.config.stalled_jobs import MOST_DEATHS, OnceMore, pick_up_stalled
from minqing.core import clock
from minqing.privacy.periods import Quarter
from tests.embedded import SOCKET
from tests.processes import PATIENCE, end, until

PROBE = Path(__file__).with_name("worker_probe.py")
pytestmark = pytest.mark.slow


def rows(sql: str, *parameters: object) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def one(sql: str, *parameters: object) -> Any:
    return rows(sql, *parameters)[0][0]


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


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def worker(tables: None) -> Iterator[Start]:
    """Starts a worker; none outlives the test, where it would take the jobs of the next one."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {"PYTHONPATH": str(PROBE.parents[2])}

    def start(*mode: str) -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen([sys.executable, str(PROBE), *mode], env=environment, stderr=subprocess.DEVNULL)
        )
        return started[-1]

    yield start
    for one in started:
        end(one)


@pytest.mark.fault(46)
def test_a_job_whose_worker_was_killed_runs_again_and_does_its_work_once(
    worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minqing.config.stalled_jobs.SILENT_SECONDS", 2)
    app.configure_task("tests.slow").defer(key="a")
    first = worker("wait")
    until(lambda: one("SELECT count(*) FROM probe_begun") == 1)
    end(first)
    assert one("SELECT count(*) FROM probe_done") == 0
    until(pick_up_stalled)
    assert worker("once").wait(PATIENCE) == 0
    assert one("SELECT count(*) FROM probe_begun") == 2
    assert one("SELECT count(*) FROM probe_done") == 1
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.slow'") == "succeeded"


@pytest.mark.fault(47)
def test_a_job_that_kills_every_worker_is_set_aside_in_the_end(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minqing.config.stalled_jobs.SILENT_SECONDS", 0)
    app.configure_task("tests.slow").defer(key="b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [MOST_DEATHS])
    pick_up_stalled()
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.slow'") == "failed"


@pytest.mark.fault(47)
def test_a_job_that_fails_does_not_hold_up_the_others(worker: Start) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES ('c')")
    app.configure_task("tests.poison").defer()
    app.configure_task("tests.slow").defer(key="c")
    assert worker("once").wait(PATIENCE) == 0
    assert one("SELECT status FROM procrastinate_jobs WHERE task_name = 'tests.poison'") == "failed"
    assert one("SELECT count(*) FROM probe_done") == 1


@pytest.mark.fault(71)
def test_a_job_that_found_the_database_away_runs_again_or_leaves_it_to_the_next_of_its_lock(worker: Start) -> None:
    alone, locked = (app.configure_task("tests.away", queueing_lock=lock, lock=lock) for lock in (None, "q"))
    alone.defer(key="a"), locked.defer(key="b")
    running = worker("real")
    until(lambda: one("SELECT count(*) FROM probe_begun") == 2)
    locked.defer(key="b")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES ('go on')")
    until(lambda: one("SELECT count(*) FROM probe_done") == 2)
    states = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'tests.away' ORDER BY id"
    until(lambda: rows(states) == [("succeeded",), ("failed",), ("succeeded",)])
    assert running.poll() is None, "and the worker lives"
    assert all(isinstance(task.retry_strategy, OnceMore) for name, task in app.tasks.items() if "builtin" not in name)


# a worker that listens and does nothing else at this moment
AT_REST = """
SELECT bool_and(state = 'idle') AND bool_or(query LIKE 'LISTEN %%procrastinate%%') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
ALL_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL(%s)"


@pytest.mark.fault(71)
def test_a_worker_that_lost_its_database_leaves_its_jobs_to_the_next(worker: Start, tmp_path: Path) -> None:
    """Whatever it was doing: that nothing was under way and its listener connected anew kept it alive."""
    card = str(tmp_path / "worker.card")
    app.configure_task("tests.slow").defer(key="a")
    first = worker("real", card)
    until(lambda: one("SELECT count(*) FROM probe_begun") == 1)
    until(lambda: one(AT_REST), pause=0)
    own = one("SELECT pg_backend_pid()")
    with embedded.superuser(SOCKET, os.environ["MINQING_DB_NAME"]) as admin:
        admin.execute(ALL_END, [[own, admin.info.backend_pid]])
    assert first.wait(PATIENCE) == 1
    worker("real", card)
    until(lambda: one("SELECT count(*) FROM probe_done") == 1)


PERIODIC = sorted({one.task.name for one in app.periodic_registry.periodic_tasks.values()})
OTHERS = {
    "matters.days": {},
    "deadlines.reckon": {},
    "visits.days": {},
    "org.changes": {},
    "publications.figures": {"quarter": Quarter.of(clock.today()).former.code},
    "intake.check": {"run": str(UUID(int=1))},
    "intake.load": {"run": str(UUID(int=1))},
    "audit.seals": {"day": str(clock.today())},
    "machines.hint": {"code": "none"},
}


def defer(name: str) -> None:
    """As the queue's own deferrer or the house itself does it; one that waits already is enough."""
    locks = {"lock": "intake:1"} if name.startswith("intake.") and name in OTHERS else {}
    if name == "publications.figures":
        locks = {"queueing_lock": name}
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(name, **locks).defer(**OTHERS.get(name, {"timestamp": int(time.time())}))


@pytest.mark.fault(66)
def test_after_a_worker_was_killed_under_every_job_there_is_all_of_them_go_on(worker: Start) -> None:
    """Locks, queueing locks, both, neither; each with the next of its kind already waiting."""
    mine = {name for name in app.tasks if name.startswith("tests.") or "builtin" in name}
    assert {*PERIODIC, *OTHERS} == set(app.tasks) - mine, "every job of the house is tried here"
    for name in OTHERS:
        defer(name)
    first = worker("hang")
    # two of one lock never run together: the second of a table's jobs, or of the seals', waits for the first
    begun = {*PERIODIC, *OTHERS} - {"intake.load", "audit.nightly"}
    until(lambda: {row[0] for row in rows("SELECT DISTINCT key FROM probe_begun")} == begun)
    for name in (*PERIODIC, *OTHERS):
        defer(name)
    end(first)
    dead = [row[0] for row in rows("SELECT id FROM procrastinate_jobs WHERE status = 'doing'")]
    second = worker("real")
    done = "SELECT DISTINCT task_name FROM procrastinate_jobs WHERE status = 'succeeded' AND task_name = ANY(%s)"
    until(lambda: len(rows(done, [*PERIODIC, *OTHERS])) == len(PERIODIC) + len(OTHERS))
    until(lambda: not rows("SELECT 1 FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'doing'", dead))
    second.terminate()
    second.wait(PATIENCE)
    assert "failed" not in doctor_jobs.jobs().seen


@pytest.mark.fault(66)
def test_a_worker_that_follows_a_killed_one_in_its_folder_takes_over_at_once(worker: Start, tmp_path: Path) -> None:
    card = str(tmp_path / "worker.card")
    first = worker("hang", card)
    until(lambda: one("SELECT count(*) FROM probe_begun WHERE key = 'partners.send'") == 1)
    end(first)
    (dead,) = rows("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'partners.send'")[0]
    # it still counts as alive for whoever goes by its silence
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() + interval '1 hour'")
    worker("real", card)
    until(lambda: one("SELECT status FROM procrastinate_jobs WHERE id = %s", dead) != "doing")


@pytest.fixture
def silent(committed: None) -> int:
    """A worker that has said nothing for long; its number."""
    return int(
        one("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")
    )


def row(name: str, worker: int | None, *, status: str = "doing", attempts: int = 0, lock: str | None = None) -> int:
    return int(
        one(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, attempts, queueing_lock) "
            "VALUES ('default', %s, %s, %s, %s, %s) RETURNING id", name, status, worker, attempts, lock,
        )
    )  # fmt: skip


def state(id: int) -> tuple[str, int]:
    return rows("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", id)[0]


@pytest.mark.fault(66)
def test_a_dead_job_whose_successor_waits_gives_way_to_it_with_the_count_of_its_deaths(silent: int) -> None:
    dead, other = row("partners.send", silent, attempts=2, lock="s"), row("partners.send", silent, lock="s")
    waits = row("partners.send", None, status="todo", lock="s")
    alone = [row("files.sweep", None, lock="a"), row("files.sweep", silent, lock="a"), row("intake.check", silent)]
    living = one("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    busy = row("publications.figures", living)
    assert pick_up_stalled() == 5
    assert [state(id) for id in (dead, other, waits)] == [("failed", 3), ("failed", 1), ("todo", 3)]
    # of two dead ones the last waits again and the first gives way to it; who has no lock just waits again
    assert [state(id) for id in alone] == [("failed", 1), ("todo", 1), ("todo", 1)]
    assert state(busy) == ("doing", 0)


def begin(id: int) -> None:
    """As a worker does that is dead since."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [id])


@pytest.mark.fault(47)
@pytest.mark.fault(71)
def test_waits_for_the_database_are_no_deaths(committed: None) -> None:
    """Of a job that was also to begin later, as one that is asked for in advance."""
    app.configure_task("partners.send", lock="s", queueing_lock="s", schedule_in={"hours": 1}).defer(timestamp=1)
    job = one("SELECT id FROM procrastinate_jobs")
    for wait in range(MOST_DEATHS):
        begin(job)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT procrastinate_retry_job_v2(%s, now() + %s * interval '1 minute', NULL, NULL, NULL)", [job, wait]
            )
            # touched while it waits: no further wait
            cursor.execute("UPDATE procrastinate_jobs SET priority = priority WHERE id = %s", [job])
    assert state(job) == ("todo", MOST_DEATHS)
    # one before it died twice and leaves its deaths to it; its own waits stay beside them
    dead = row("partners.send", None, attempts=1, lock="s")
    pick_up_stalled()
    assert (state(dead)[0], state(job)) == ("failed", ("todo", MOST_DEATHS + 2))
    for death in range(3, MOST_DEATHS + 1):
        begin(job)
        pick_up_stalled()
        assert state(job) == ("todo", MOST_DEATHS + death)
    begin(job)
    pick_up_stalled()
    assert state(job)[0] == "failed"


@pytest.mark.fault(66)
def test_a_job_that_cannot_be_picked_up_holds_up_no_other_and_is_tried_again(silent: int) -> None:
    name = os.environ["MINQING_DB_NAME"]
    first, second = row("partners.send", silent, lock="s"), row("notify.deliver", silent, lock="n")
    with embedded.superuser(SOCKET, name) as admin:
        admin.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF NEW.task_name = 'partners.send' THEN RAISE 'no'; END IF; RETURN NEW; END $$"
        )
        admin.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON procrastinate_jobs FOR EACH ROW EXECUTE PROCEDURE refuse()"
        )
        try:
            assert pick_up_stalled() == 1
        finally:
            admin.execute("DROP FUNCTION refuse CASCADE")
    assert [state(first)[0], state(second)[0]] == ["doing", "todo"]
    assert pick_up_stalled() == 1
    assert state(first)[0] == "todo"
