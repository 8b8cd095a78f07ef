"""The rehearsal of the worst day: is there a county in the backup, and how long until people work in it again?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import connection

from minqing.config.archives import identities_in
from minqing.config.backup_schedule import folder_of
from minqing.config.disks import refuse_without_room
from minqing.config.env import Env
from minqing.config.looking import ALL, Seen
from minqing.config.processes import Unfit
from minqing.config.recovery import restore_at
from minqing.config.restore import refuse_without_keys, restore
from minqing.config.upgrade_checks import LEAST_DISK
from minqing.config.wal_archive import BASE, PIECE, kept_in, refuse_where_none_are_kept
from minqing.config.words import N_


@dataclass(frozen=True)
class Rehearsal:
    """``seconds``: from the file to a page of somebody at work, by the clock; ``moment``: where it was as of one."""

    archive: Path
    seconds: int
    found: list[Seen]
    moment: datetime | None = None

    @property
    def well(self) -> bool:
        return all(one.well for one in self.found)


def rehearse(archive: Path, identity: Path, settings: Env, moments: Sequence[datetime] = ()) -> list[Rehearsal]:
    """Restore beside the data, look into it, throw it away, and note in the county how it went.

    First the backup, then each of the ``moments`` out of the folder of backups. Raises Unfit where no county came out;
    that is noted too.
    """
    # a second database beside the one that people go on working with
    refuse_without_room(LEAST_DISK + size(), settings.pgdata)
    # a mistyped name of a file is no failed drill
    identities_in(identity)
    done: list[Rehearsal] = []
    for moment in (None, *moments):
        file, begun = archive if moment is None else folder_of(settings), time.monotonic()
        try:
            if settings.embedded:
                refuse_without_keys(settings)
            put = restore if moment is None else partial(restore_at, moment=moment)
            found = put(file, identity, settings, only_check=True, looks=ALL[1:]).found
        except Unfit as unfit:
            note(archive, [*done, Rehearsal(file, 0, [Seen(N_("restore"), False, str(unfit), 0)], moment)])
            raise
        done.append(Rehearsal(file, round(time.monotonic() - begun), found, moment))
    note(archive, done)
    return done


def last_moment(settings: Env) -> list[datetime]:
    """The last one that this county could be put back to, where any is kept."""
    if not settings.minqing_backup_moments:
        return []
    refuse_where_none_are_kept(settings)
    folder = folder_of(settings)
    copies, pieces = kept_in(folder, BASE), kept_in(folder, PIECE)
    if not copies or not pieces:
        return []
    # what happened in the very second in which a piece ends is in the next one
    last = max(pieces) - timedelta(seconds=1)
    return [last] if min(copies) <= last else []


def size() -> int:
    """Bytes of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def note(archive: Path, done: Sequence[Rehearsal]) -> None:
    from minqing.core.actor import Actor
    from minqing.journal.services import Json, record

    whole, *moments = done
    told: dict[str, Json] = {"seconds": whole.seconds, "well": all(one.well for one in done)}
    for one in moments:
        told |= {"moment": one.moment.isoformat() if one.moment else "", "moment_seconds": one.seconds}
    told["wrong"] = [seen.name for one in done for seen in one.found if not seen.well]
    record(
        type="config.drill.made", subject=f"backup:{archive.name}", by=Actor.system("minqing drill"), data=told
    )  # fmt: skip
