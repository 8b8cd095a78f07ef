"""The rehearsal of the worst day: is there a county in the backup, and how long until people work in it again?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from minqing.config.archives import identities_in
from minqing.config.disks import refuse_without_room
from minqing.config.env import Env
from minqing.config.looking import ALL, Seen
from minqing.config.processes import Unfit
from minqing.config.restore import refuse_without_keys, restore
from minqing.config.upgrade_checks import LEAST_DISK
from minqing.config.words import N_


@dataclass(frozen=True)
class Rehearsal:
    """``seconds``: from the file to a page of somebody at work, by the clock."""

    archive: Path
    seconds: int
    found: list[Seen]

    @property
    def well(self) -> bool:
        return all(one.well for one in self.found)


def rehearse(archive: Path, identity: Path, settings: Env) -> Rehearsal:
    """Restore beside the data, look into it, throw it away, and note in the county how it went.

    Raises Unfit where no county came out of it; that is noted too.
    """
    # a second database beside the one that people go on working with
    refuse_without_room(LEAST_DISK + size(), settings.pgdata)
    # a mistyped name of a file is no failed drill
    identities_in(identity)
    begun = time.monotonic()
    try:
        if settings.embedded:
            refuse_without_keys(settings)
        found = restore(archive, identity, settings, only_check=True, looks=ALL[1:]).found
    except Unfit as unfit:
        note(archive, Rehearsal(archive, 0, [Seen(N_("restore"), False, str(unfit), 0)]))
        raise
    done = Rehearsal(archive, round(time.monotonic() - begun), found)
    note(archive, done)
    return done


def size() -> int:
    """Bytes of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def note(archive: Path, done: Rehearsal) -> None:
    from minqing.core.actor import Actor
    from minqing.journal.services import record

    record(
        type="config.drill.made",
        subject=f"backup:{archive.name}",
        by=Actor.system("minqing drill"),
        data={"well": done.well, "seconds": done.seconds, "wrong": [one.name for one in done.found if not one.well]},
    )
