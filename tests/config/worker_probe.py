"""A worker with one more job, started as a process of its own by the tests of the queue.

The job notes that it began, sleeps on its first run, and then does its work once: an advisory row in a table of the
test, under a key that a second run finds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
django.setup()

from django.db import OperationalError, connection  # noqa: E402  # after set-up
from procrastinate.contrib.django import app  # noqa: E402

from minqing.config.stalled_jobs import OnceMore  # noqa: E402


@app.task(name="tests.slow")
def slow(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES (%s)", [key])
        cursor.execute("SELECT count(*) FROM probe_begun WHERE key = %s", [key])
        if cursor.fetchone() == (1,):
            time.sleep(600)
        cursor.execute("INSERT INTO probe_done (key) VALUES (%s)", [key])


@app.task(name="tests.poison")
def poison() -> None:
    raise ValueError("this job cannot work")


def told_to_go_on() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM probe_begun WHERE key = 'go on'")
        return cursor.fetchone() == (1,)


@app.task(name="tests.away", retry=OnceMore())
def away(key: str) -> None:
    """Finds the database away the first time, once the test has laid out what it needs and says so."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES (%s)", [key])
        cursor.execute("SELECT count(*) FROM probe_begun WHERE key = %s", [key])
        first = cursor.fetchone() == (1,)
    if first:
        while not told_to_go_on():
            time.sleep(0.05)
        raise OperationalError from psycopg.errors.AdminShutdown()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_done (key) VALUES (%s)", [key])


def hang(name: str) -> Callable[..., None]:
    def hanging(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO probe_begun (key) VALUES (%s)", [name])
        time.sleep(600)

    return hanging


class Wide(futures.ThreadPoolExecutor):
    """With a thread for each job of the house, however few processors there are."""

    def __init__(self, max_workers: int | None = None, **more: Any) -> None:
        super().__init__(max_workers or len(app.tasks), **more)


def real(mode: str, card: Path | None) -> None:
    """The worker of ``minqing worker``; with ``hang`` each of its jobs notes that it began and never ends."""
    from minqing.config import worker

    if mode == "hang":
        worker.JOBS = len(app.tasks)
        # as many threads as jobs, where the event loop would have 32 at most
        futures.ThreadPoolExecutor = Wide  # type: ignore[misc]
        for name, task in app.tasks.items():
            task.func = hang(name)
    worker.run(grace=1, card=card)


if __name__ == "__main__":
    if sys.argv[1] in {"hang", "real"}:
        real(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    else:
        app.with_connector(app.connector.get_worker_connector()).run_worker(
            wait=sys.argv[1] == "wait",
            concurrency=1,
            update_heartbeat_interval=1,
            stalled_worker_timeout=2,
            delete_jobs="never",
        )
