"""Figures for Prometheus, in its text format: of the machine and of the work as a whole, never of a person or a place.

Each is asked for anew, as any of several processes may be asked. Sentences, which may name something, stay on the
operator's page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from django.db import Error, connection

from minqing.config.disks import filled, free_below
from minqing.config.jobs import last_runs
from minqing.config.readiness import readiness
from minqing.config.rooms import rooms
from minqing.core.gauges import Metric, each, one, seconds
from minqing.core.version import own_version

# the version of the text format
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
WORKERS: Final = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '90 seconds'"
JOBS: Final = """
SELECT state, count(job.id) FROM unnest(%s::text[]) AS state
LEFT JOIN procrastinate_jobs job ON job.status::text = state GROUP BY 1 ORDER BY 1
"""
STATES: Final = ["todo", "doing", "failed"]
SIZE: Final = "SELECT pg_database_size(current_database())"
CONNECTIONS: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


def metrics() -> Iterator[Metric]:
    """All of them; those of the database are left out while it does not answer, which ``ready`` says."""
    yield Metric("info", "Version of the software; always 1.", (({"version": own_version()}, 1),))
    yield each(
        "ready", "1: not in the way of work (as /readyz looks).", "of", [(one.name, one.well) for one in readiness()]
    )
    yield each("disk_free_bytes", "Room where the county is kept.", "folder", free())
    for look in BY_THE_DATABASE:
        try:
            found = [*look()]
        except Error:
            return
        yield from found


def free() -> Iterator[tuple[str, float]]:
    """Without a disk that does not answer: what is kept elsewhere is told nevertheless."""
    for name, folder in filled().items():
        with suppress(OSError):
            yield name, free_below(folder)


def work() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(WORKERS)
        yield one("workers", "Workers that live.", cursor.fetchone()[0])
        cursor.execute(JOBS, [STATES])
        yield each("jobs", "Jobs that wait, run, or were given up in the last thirty days.", "state", cursor.fetchall())
    runs = last_runs()
    yield each(
        "job_late", "1: the periodic job has not succeeded when it should have.", "job",
        [(one.name, one.late) for one in runs],
    )  # fmt: skip
    yield each(
        "job_success_timestamp_seconds", "When the periodic job last succeeded.", "job",
        [(one.name, one.succeeded.timestamp()) for one in runs if one.succeeded],
    )  # fmt: skip


def database() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(SIZE)
        yield one("database_bytes", "Size of the database.", cursor.fetchone()[0])
        cursor.execute(CONNECTIONS)
        yield one("database_connections", "Connections to it, of whomever.", cursor.fetchone()[0])


def copies() -> Iterator[Metric]:
    from minqing.journal.queries import newest_of

    made, drilled = newest_of("config.backup.made"), newest_of("config.drill.made")
    yield one("backup_timestamp_seconds", "When a backup was last made.", seconds(made.at) if made else None)
    yield one(
        "drill_timestamp_seconds", "When a backup was last restored on trial.", seconds(drilled.at) if drilled else None
    )
    yield one("drill_well", "1: and a county came out of it.", bool(drilled.data.get("well")) if drilled else None)


def of_rooms() -> Iterator[Metric]:
    for room in rooms():
        if room.gauges:
            yield from room.gauges()


BY_THE_DATABASE: Final[tuple[Callable[[], Iterator[Metric]], ...]] = (work, database, copies, of_rooms)


def text() -> str:
    return "".join(f"{line}\n" for metric in metrics() for line in metric.lines())
