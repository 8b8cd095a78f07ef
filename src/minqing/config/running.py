"""What is at work on the database at this moment, on whichever machine: web servers and workers.

A process says what it is by the name of its connections. A worker says every other second that it lives as well; one
of an earlier release says nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from minqing.config.processes import Unfit
from minqing.config.stalled_jobs import HEARTBEAT, SILENT_SECONDS
from minqing.config.words import _

# what serves; a command is over in a while, and by itself
SERVING = ("web", "worker")
# what was killed just now is named for a moment yet; a worker that lives says so twice meanwhile
LINGERING, PAUSE = 1.5, 0.3
LONGEST_WAIT = 2.0 * HEARTBEAT + 1
CONNECTED = """
SELECT DISTINCT split_part(application_name, ' ', 2), split_part(application_name, ' ', 3), host(client_addr)
FROM pg_stat_activity WHERE datname = current_database() AND split_part(application_name, ' ', 1) = 'minqing'
AND split_part(application_name, ' ', 2) = ANY(%s) ORDER BY 1, 2
"""
BEATS = """
SELECT id, last_heartbeat FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second'
"""


@dataclass(frozen=True)
class Look:
    """``connected``: what serves and where, for a person; ``beats``: when each worker last said that it lives."""

    connected: tuple[str, ...] = ()
    beats: Mapping[int, datetime] = field(default_factory=dict)


def running_now() -> Look:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTED, [list(SERVING)])
        connected = tuple(label_of(kind, f"{machine} ({at})" if at else machine) for kind, machine, at in cursor)
        cursor.execute("SELECT to_regclass('procrastinate_workers') IS NOT NULL")
        # a database that is empty yet
        if not cursor.fetchone()[0]:
            return Look(connected)
        cursor.execute(BEATS, [SILENT_SECONDS])
        return Look(connected, dict(cursor.fetchall()))


def label_of(kind: str, machine: str) -> str:
    sentence = _("web server on {machine}") if kind == "web" else _("worker on {machine}")
    return sentence.format(machine=machine)


def serving() -> tuple[str, ...]:
    """What serves from the database and goes on doing so; empty where nothing does."""
    first, begun = running_now(), time.monotonic()
    now = first
    while now.connected or now.beats:
        since = time.monotonic() - begun
        alive = any(at != first.beats.get(id) for id, at in now.beats.items())
        if now.connected and since >= LINGERING:
            return now.connected
        if alive:
            return now.connected or (_("worker"),)
        if since >= LONGEST_WAIT:
            break
        time.sleep(PAUSE)
        now = running_now()
    return ()


def refuse_while_serving() -> None:
    """Raise :class:`Unfit` where somebody would go on with the tables of an earlier version."""
    if found := serving():
        raise Unfit(
            _(
                "Minqing is at work on this database: {what}. Its tables would change under it. Stop it there, then "
                "try again. If nothing is there any more: minqing migrate --force"
            ).format(what=", ".join(found))
        )
