"""A worker with one more job, started as a process of its own by the tests of the queue.

The job notes that it began, sleeps on its first run, and then does its work once: an advisory row in a table of the
test, under a key that a second run finds.
"""

from __future__ import annotations

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
django.setup()

from django.db import connection  # noqa: E402  # after set-up
from procrastinate.contrib.django import app  # noqa: E402


@app.task(name="tests.slow")
def slow(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_begun (key) VALUES (%s)", [key])
        cursor.execute("SELECT count(*) FROM probe_begun WHERE key = %s", [key])
        if cursor.fetchone() == (1,):
            time.sleep(60)
        cursor.execute("INSERT INTO probe_done (key) VALUES (%s)", [key])


@app.task(name="tests.poison")
def poison() -> None:
    raise ValueError("this job cannot work")


if __name__ == "__main__":
    app.with_connector(app.connector.get_worker_connector()).run_worker(
        wait=sys.argv[1] == "wait",
        concurrency=1,
        update_heartbeat_interval=1,
        stalled_worker_timeout=2,
        delete_jobs="never",
    )
