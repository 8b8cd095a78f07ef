"""Can this county be worked in at this moment? In short words for a program, of nobody and nothing in particular.

What watches asks it often and from several places, so it looks at what is quickly seen; ``minqing doctor`` looks
closely and says how to mend each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import Error, connection

from minqing.config.disks import filled, free_below
from minqing.config.env import env
from minqing.config.jobs import last_runs
from minqing.config.restore import UNFINISHED
from minqing.core.clock import now
from minqing.core.timekeeping import FAR, SLACK, doubts, kept

# below it writing ends in errors within the hour; the doctor complains much sooner
LEAST_DISK: Final = 512 * 1024**2
# asked by anybody and often: a number of a transaction, which would show it too, is not used up for it
WRITES: Final = "SELECT NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean)"
WORKERS: Final = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '90 seconds'"
OK: Final = "ok"


@dataclass(frozen=True)
class Looked:
    """One thing, and what is in the way of work; ``told`` is ``ok`` where nothing is."""

    name: str
    told: str = OK
    well: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {self.told}"


def no(name: str, told: str) -> Looked:
    return Looked(name, told, well=False)


def readiness() -> list[Looked]:
    """What is in the way of work, and what is not."""
    return [*by_the_database(), disk(), restore()]


def by_the_database() -> Iterator[Looked]:
    """Each that it must be asked for; where it does not answer nothing but that is known."""
    for name, look in ASKED.items():
        try:
            yield look()
        except Error:
            yield no(name, "away")
            return


def database() -> Looked:
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        (writes,) = cursor.fetchone()
    return Looked("database") if writes else no("database", "reads only")


def worker() -> Looked:
    with connection.cursor() as cursor:
        cursor.execute(WORKERS)
        (alive,) = cursor.fetchone()
    return Looked("worker") if alive else no("worker", "none")


def jobs() -> Looked:
    """What runs by the minute must succeed. A night's job that is late is told, and hinders no work of the day."""
    late = [one for one in last_runs() if one.late]
    if not late:
        return Looked("jobs")
    return Looked("jobs", f"late {', '.join(one.name for one in late)}", well=not any(one.often for one in late))


def keys() -> Looked:
    """Another process may have been given other ones since this one began."""
    from minqing.privacy.key_prints import unfit_keys

    wrong = unfit_keys()
    return no("keys", f"other {', '.join(wrong)}") if wrong else Looked("keys")


def disk() -> Looked:
    """Backups are late where their disk is full; people work on."""
    if not os.access(env().var, os.W_OK):
        return no("disk", "closed data")
    try:
        full = [name for name, folder in filled().items() if name != "backups" and free_below(folder) < LEAST_DISK]
    except OSError:
        return no("disk", "does not answer")
    return no("disk", f"full {', '.join(full)}") if full else Looked("disk")


def restore() -> Looked:
    return no("restore", "unfinished") if (env().var / UNFINISHED).exists() else Looked("restore")


def clock() -> Looked:
    """A machine that was off for days is worked with; one whose clock is months ahead writes what is wrong."""
    row, at = kept(), now()
    if row is not None and row.seen_at - at > SLACK:
        return no("clock", "set back")
    if (leap := doubts(row, at)) is None:
        return Looked("clock")
    before, after = leap
    return Looked("clock", f"leapt {(after - before).days} days", well=after - before < FAR)


ASKED: Final[dict[str, Callable[[], Looked]]] = {
    "database": database,
    "worker": worker,
    "clock": clock,
    "jobs": jobs,
    "keys": keys,
}
