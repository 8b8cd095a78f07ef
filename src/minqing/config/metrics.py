"""Figures for Prometheus, in its text format: of the machine and of the work as a whole, never of a person or a place.

Each is asked for anew, as any of several processes may be asked. What a label holds is a word of ours: the name of a
check, a job, a folder or a state. Sentences, which may name something, stay on the operator's page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import Error, connection
from django.utils import translation

from minqing.config.disks import filled, free_below
from minqing.config.jobs import last_runs
from minqing.config.readiness import readiness
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
Value = tuple[Mapping[str, str], float]


@dataclass(frozen=True)
class Metric:
    """A name without ``minqing_``, what it says, and its values, each with its labels."""

    name: str
    says: str
    values: tuple[Value, ...]

    def lines(self) -> Iterator[str]:
        if not self.values:
            return
        yield f"# HELP minqing_{self.name} {self.says}"
        yield f"# TYPE minqing_{self.name} gauge"
        for labels, value in self.values:
            told = ",".join(f'{name}="{escaped(word)}"' for name, word in labels.items())
            yield f"minqing_{self.name}{f'{{{told}}}' if told else ''} {value:.15g}"


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def one(name: str, says: str, value: float | None) -> Metric:
    return Metric(name, says, () if value is None else (({}, value),))


def each(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    return Metric(name, says, tuple(({label: word}, value) for word, value in values))


def metrics() -> Iterator[Metric]:
    """All of them; those of the database are left out while it does not answer, which ``ready`` says."""
    yield Metric("info", "Version of the software; always 1.", (({"version": own_version()}, 1),))
    yield each(
        "ready", "1: not in the way of work (as /readyz looks).", "of", [(one.name, one.well) for one in readiness()]
    )
    yield each(
        "disk_free_bytes", "Room where the county is kept.", "folder",
        [(name, free_below(folder)) for name, folder in filled().items()],
    )  # fmt: skip
    for look in BY_THE_DATABASE:
        try:
            found = [*look()]
        except Error:
            return
        yield from found


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


def seconds(at: datetime) -> float:
    return at.timestamp()


def checks() -> Iterator[Metric]:
    """What ``minqing doctor`` finds, as the worker last found it, by its English name."""
    from minqing.desk.queries import KNOWN_BY, looked_over
    from minqing.web.pieces import LOOK, OFF

    with translation.override(KNOWN_BY):
        found = looked_over()
    yield each(
        "check_well", "1: as minqing doctor wants it. What cannot be known from here is left out.", "check",
        [(one.name, one.state != LOOK) for one in found.rows if one.state != OFF],
    )  # fmt: skip
    yield one("checks_timestamp_seconds", "When the checks were last made.", seconds(found.at) if found.at else None)


BY_THE_DATABASE: Final[tuple[Callable[[], Iterator[Metric]], ...]] = (work, database, copies, checks)


def text() -> str:
    return "".join(f"{line}\n" for metric in metrics() for line in metric.lines())
