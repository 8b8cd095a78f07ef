"""Periodic jobs: by whose clock they run, and when each last did its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import attr
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry, PeriodicTask

from minqing.config.rooms import rooms
from minqing.config.words import N_, _
from minqing.core import clock

# those that no room has
OWN = {
    "config.pick_up_stalled": N_("Taking up jobs whose worker was killed"),
    "config.note_time": N_("Noting how far time has come"),
    "config.forget_jobs": N_("Forgetting jobs that ended long ago"),
    "config.back_up": N_("Backing up the county"),
    "config.keep_moments": N_("Keeping what any moment is put together from"),
}
# without which people work on; who watches reads that they are late
BESIDE = {"config.keep_moments"}
# what should have been done by its time and this much later is late
GRACE = timedelta(minutes=10)
OFTEN = timedelta(hours=1)
LAST = """
SELECT name, (SELECT max(event.at) FROM procrastinate_events event WHERE event.type = 'succeeded' AND event.job_id = (
    SELECT max(job.id) FROM procrastinate_jobs job WHERE job.task_name = name AND job.status = 'succeeded'))
FROM unnest(%s::text[]) AS name
"""
SINCE = "SELECT at FROM procrastinate_events ORDER BY id LIMIT 1"


class LocalTask(PeriodicTask[Any, Any, Any]):
    """Its times are read in the county: the queue's own reading is UTC, where the night is a Chinese morning."""

    @cached_property
    def croniter(self) -> object:
        times = PeriodicTask(self.task, self.cron, self.periodic_id, self.configure_kwargs).croniter
        # the zone of the first time stays that of all later ones
        times.set_current(clock.now().astimezone(clock.SHANGHAI))
        return times


def count_in_the_countys_time(registry: PeriodicRegistry) -> None:
    """Every periodic job there is, also those of a room that comes later."""
    for key, one in registry.periodic_tasks.items():
        registry.periodic_tasks[key] = LocalTask(
            task=one.task, cron=one.cron, periodic_id=one.periodic_id, configure_kwargs=one.configure_kwargs
        )


def is_job(name: str) -> bool:
    """Whether there is, or was, a job of that name: one of an older release may have failed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE task_name = %s)", [name])
        return name in app.tasks or bool(cursor.fetchone()[0])


def called(name: str) -> str:
    """What a job is for, in the operator's language; its name where nobody has said it, as of an older release."""
    if name in OWN:
        return _(OWN[name])
    return next((str(room.jobs[name]) for room in rooms() if name in room.jobs), name)


@dataclass(frozen=True)
class Run:
    """A periodic job and when it last succeeded (None: never that is remembered).

    ``often``: it runs once an hour or more, and work waits for it.
    """

    name: str
    succeeded: datetime | None
    late: bool
    often: bool = True

    def told(self) -> str:
        """``journal.seal 2026-11-29 03:20:01``, in the county's time."""
        when = f"{self.succeeded.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}" if self.succeeded else "–"
        return f"{self.name} {when}"


def last_runs() -> list[Run]:
    """Of every periodic job, by name."""
    now = clock.now()
    tasks = {one.task.name: one for one in app.periodic_registry.periodic_tasks.values()}
    with connection.cursor() as cursor:
        cursor.execute(LAST, [sorted(tasks)])
        last = dict(cursor.fetchall())
        cursor.execute(SINCE)
        since = (cursor.fetchone() or (now,))[0]
    times = {name: due(one, now) for name, one in tasks.items()}
    return [
        Run(name, last[name], (last[name] or since) < at, at - before <= OFTEN and name not in BESIDE)
        for name, (before, at) in sorted(times.items())
    ]


def due(task: PeriodicTask[Any, Any, Any], now: datetime) -> tuple[datetime, datetime]:
    """The latest of its times from which on a run must by now have succeeded, behind the one before."""
    # a copy: the queue's own keeps its place in the row of times
    times = attr.evolve(task).croniter
    times.set_current((now - GRACE).timestamp())
    found: datetime = times.get_prev(datetime)
    before: datetime = times.get_prev(datetime)
    return before, found
