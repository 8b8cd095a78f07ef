"""What a moment of the past is put together from: a copy of the database now and then, and its write-ahead log since.

A copy (``….base.age``) holds the server's own files, pictures and settings; a piece of the log (``….wal.age``) each
full segment since the piece before it, and the pictures that came. Both lie beside the backups, encrypted as they are.
A replication slot keeps the segments in the server until a piece holds them.
"""

from __future__ import annotations

import gzip
import re
import shutil
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from minqing.config.archives import pack, recipients_of
from minqing.config.backup import (
    SETTINGS,
    SIZE,
    Server,
    described,
    parts,
    reader_of,
    scratch_in,
    size_of,
    told_settings,
    value_of,
)
from minqing.config.backup_schedule import copy_mark, county_mark, folder_of, is_ahead
from minqing.config.disks import refuse_without_room
from minqing.config.env import Env, env
from minqing.config.locks import file_lock
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.clock import SHANGHAI, now

BASE, PIECE = "base", "wal"
NAME: Final = re.compile(r"minqing-([0-9a-f]{8})-([0-9a-f]{4})-(\d{4}-\d\d-\d\d-\d{6})\.(base|wal)\.age")
STAMP: Final = "%Y-%m-%d-%H%M%S"
COPY: Final = "base.tar.gz"
SLOT: Final = "minqing_moments"
# of a server as `initdb` makes it
SEGMENT: Final = 16 << 20
# what the log since a copy may come to before another is worth its room; taken in the hours in which few work
ANEW, AT_THE_LATEST = timedelta(days=6), timedelta(days=8)
NIGHT: Final = range(1, 5)
# a picture is written under another name first, and a disk's clock ticks more coarsely than ours
MARGIN: Final = timedelta(minutes=2)
SLOT_IS_GOOD: Final = "SELECT wal_status IN ('reserved', 'extended') FROM pg_replication_slots WHERE slot_name = %s"
DROP_SLOT: Final = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
MAKE_SLOT: Final = "SELECT pg_create_physical_replication_slot(%s, true)"
ADVANCE: Final = "SELECT pg_replication_slot_advance(%s, %s::pg_lsn)"
# how far the log is kept, in bytes from its beginning, and how far it is written
KEPT_FROM: Final = "SELECT (restart_lsn - '0/0')::bigint FROM pg_replication_slots WHERE slot_name = %s"
WRITTEN: Final = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
TIMELINE: Final = "SELECT timeline_id FROM pg_control_checkpoint()"


def keep_moments(timestamp: int) -> str:
    """The periodic job. Returns the file's name; empty where no moments are kept."""
    settings = env()
    if not settings.minqing_backup_moments:
        let_go(settings)
        return ""
    return keep_now(settings).name


def keep_now(settings: Env) -> Path:
    """One more piece of the log, before it a copy where one is due, and then those away that need not stay.

    Raises Unfit with what it lacks.
    """
    refuse_where_none_are_kept(settings)
    folder, recipients = folder_of(settings), recipients_of(settings.minqing_backup_key)
    with file_lock(folder / ".minqing.lock"):
        for left in folder.glob(f".minqing-{county_mark()}-{copy_mark()}-*.wal.age.part"):
            left.unlink(missing_ok=True)
        server = reader_of(settings)
        with server.connect() as connection:
            # what was kept while the clock was ahead is not in one row with what comes now: it begins anew
            ahead = lay_aside_ahead(folder)
            if hold_the_log(connection) or ahead or copy_is_due(kept_in(folder, BASE), now()):
                copy_database(server, connection, folder, recipients, settings)
            file = keep_piece(connection, folder, recipients, settings)
        clear_away(folder, settings.minqing_backup_moments)
    return file


def refuse_where_none_are_kept(settings: Env) -> None:
    if not settings.embedded:
        raise Unfit(
            _(
                "Moments of a PostgreSQL of your own are kept by what archives its log (archive_command), not by "
                "Minqing. Unset MINQING_BACKUP_MOMENTS."
            )
        )
    if not settings.minqing_backup_moments:
        raise Unfit(_("No moments are kept here. Set MINQING_BACKUP_MOMENTS to how many days back they shall reach."))


def let_go(settings: Env) -> None:
    """Where they were kept once and are not any more: the server would keep its log for ever."""
    if settings.embedded:
        with reader_of(settings).connect() as connection:
            connection.execute(DROP_SLOT, [SLOT])


def hold_the_log(connection: psycopg.Connection) -> bool:
    """Have the server keep its log until it lies in a piece. Returns whether that begins now, after a gap."""
    row = connection.execute(SLOT_IS_GOOD, [SLOT]).fetchone()
    if row and row[0]:
        return False
    connection.execute(DROP_SLOT, [SLOT])
    connection.execute(MAKE_SLOT, [SLOT])
    return True


def copy_is_due(copies: dict[datetime, Path], at: datetime) -> bool:
    if not copies:
        return True
    age = at - max(copies)
    return age >= AT_THE_LATEST or (age >= ANEW and at.astimezone(SHANGHAI).hour in NIGHT)


def copy_database(
    server: Server, connection: psycopg.Connection, folder: Path, recipients: list[object], settings: Env
) -> None:
    with scratch_in(settings) as scratch:
        refuse_without_room(value_of(connection, SIZE), settings.var)
        server.copy(scratch / "copy")
        (scratch / "copy" / COPY).rename(scratch / COPY)
        (scratch / SETTINGS).write_text(told_settings(settings), encoding="utf-8")
        contents = [(COPY, scratch / COPY), *parts(scratch, settings.var, names=(SETTINGS,))]
        refuse_without_room(sum(size_of(path) for _name, path in contents), folder)
        # it is whole from now on, and of no moment before; names tell seconds
        whole_from = now() + timedelta(seconds=1)
        pack(folder / name_at(whole_from, BASE), described(connection, tables={}), contents, recipients)
    time.sleep(max(0.0, (whole_from - now()).total_seconds()))


def keep_piece(connection: psycopg.Connection, folder: Path, recipients: list[object], settings: Env) -> Path:
    # a copy was made before the first one
    since = max([*kept_in(folder, BASE), *kept_in(folder, PIECE)]) - MARGIN
    with scratch_in(settings) as scratch:
        until, numbers = close_segment(connection)
        timeline = value_of(connection, TIMELINE)
        (scratch / "wal").mkdir()
        contents = [packed_segment(segment_name(timeline, one), scratch, settings) for one in numbers]
        contents += [one for one in parts(scratch, settings.var, names=()) if came_after(one[1], since)]
        refuse_without_room(sum(size_of(path) for _name, path in contents), folder)
        file = folder / name_at(until, PIECE)
        if file.exists():
            raise Unfit(_("{file} was made in this very second.").format(file=file))
        pack(file, described(connection, tables={}), contents, recipients)
    connection.execute(ADVANCE, [SLOT, lsn(numbers.stop * SEGMENT)])
    return file


def close_segment(connection: psycopg.Connection) -> tuple[datetime, range]:
    """Until which moment the log is in whole segments, and which of these no piece holds yet, by number.

    A restore to a moment ends at the first transaction after it, so there is one: it takes a number and does nothing.
    """
    until = value_of(connection, "SELECT clock_timestamp()")
    connection.execute("SELECT pg_current_xact_id()")
    connection.execute("SELECT pg_switch_wal()")
    row = connection.execute(KEPT_FROM, [SLOT]).fetchone()
    kept_from = row[0] if row else 0
    return until, range(kept_from // SEGMENT, value_of(connection, WRITTEN) // SEGMENT)


def segment_name(timeline: int, number: int) -> str:
    """As PostgreSQL calls it (``XLogFileName`` in ``xlog_internal.h``).

    >>> segment_name(1, 0x102)
    '000000010000000100000002'
    """
    high, low = divmod(number, (1 << 32) // SEGMENT)
    return f"{timeline:08X}{high:08X}{low:08X}"


def segment_number(name: str) -> int:
    """
    >>> segment_number("000000010000000100000002") == 0x102
    True
    """
    return int(name[8:16], 16) * ((1 << 32) // SEGMENT) + int(name[16:24], 16)


def lsn(position: int) -> str:
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def packed_segment(name: str, scratch: Path, settings: Env) -> tuple[str, Path]:
    """What a closed segment lacks to its full size is zeros."""
    packed = scratch / "wal" / f"{name}.gz"
    with (settings.pgdata / "pg_wal" / name).open("rb") as source, gzip.open(packed, "wb", compresslevel=1) as out:
        shutil.copyfileobj(source, out, 1 << 20)
    return f"wal/{packed.name}", packed


def came_after(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_ctime >= moment.timestamp()
    except FileNotFoundError:
        return False


def name_at(moment: datetime, kind: str) -> str:
    return f"minqing-{county_mark()}-{copy_mark()}-{moment.astimezone(SHANGHAI):{STAMP}}.{kind}.age"


def moment_of(match: re.Match[str]) -> datetime:
    return datetime.strptime(match[3], STAMP).replace(tzinfo=SHANGHAI)


def said(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def kept_in(folder: Path, kind: str) -> dict[datetime, Path]:
    """This county's own, the oldest first, but for those of a time to come: the clock was ahead when they were made."""
    return {moment: one for moment, one in named_in(folder, kind).items() if not is_ahead(moment)}


def named_in(folder: Path, kind: str) -> dict[datetime, Path]:
    own, copy = county_mark(), copy_mark()
    found = ((NAME.fullmatch(one.name), one) for one in sorted(folder.iterdir()))
    return {
        moment_of(match): one for match, one in found if match and (match[1], match[2], match[4]) == (own, copy, kind)
    }


def lay_aside_ahead(folder: Path) -> int:
    """Give another name to those that bear a time to come; returns how many."""
    named = [*named_in(folder, BASE).items(), *named_in(folder, PIECE).items()]
    ahead = [file for moment, file in named if is_ahead(moment)]
    for file in ahead:
        file.rename(file.with_name(f"{file.name}.ahead"))
    return len(ahead)


def clear_away(folder: Path, days: int) -> None:
    """The newest copy of before those days stays, as their first moments are reached from it, and the log since it."""
    from minqing.core.timekeeping import lived_now

    copies = kept_in(folder, BASE)
    first = oldest_needed(copies, lived_now() - timedelta(days=days))
    if first is not None:
        for kept in (copies, kept_in(folder, PIECE)):
            for moment, file in kept.items():
                if moment < first:
                    file.unlink(missing_ok=True)


def oldest_needed(copies: Iterable[datetime], until: datetime) -> datetime | None:
    moments = sorted(copies)
    return max((one for one in moments if one <= until), default=moments[0] if moments else None)


def refuse_a_part(archive: Path) -> None:
    """Those are put together by ``--at``: each of them alone is no county."""
    if NAME.fullmatch(archive.name):
        raise Unfit(
            _(
                "{archive} is one part of what any moment is put back from. Name the folder and the moment: minqing "
                "restore {folder} --at TIME"
            ).format(archive=archive.name, folder=archive.parent)
        )
