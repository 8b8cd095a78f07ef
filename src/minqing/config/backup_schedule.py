"""Backups by themselves: each night into a folder, where seven days', five weeks' and twelve months' latest stay."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from minqing.config.archives import Manifest, recipients_of
from minqing.config.backup import back_up
from minqing.config.env import Env, env
from minqing.config.locks import file_lock
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.clock import SHANGHAI, now
from minqing.core.incarnation import incarnation

# what is called otherwise was put there by somebody, by another county or by another copy of this, and is left alone
NAME: Final = re.compile(r"minqing-([0-9a-f]{8})-([0-9a-f]{4})-(\d{4}-\d\d-\d\d-\d{4})\.age")
STAMP: Final = "%Y-%m-%d-%H%M"
# how many days, weeks and months have one that stays: the last of each
DAYS, WEEKS, MONTHS = 7, 5, 12
# each that was made so lately stays: whoever keeps one before a risky step goes back to that one
LATELY: Final = timedelta(days=2)


def back_up_each_night(timestamp: int) -> str:
    """The periodic job. Returns the file's name; empty where no folder is named."""
    settings = env()
    if settings.minqing_backup_folder is None:
        return ""
    file, _made = back_up_into(folder_of(settings), settings)
    return file.name


def back_up_into(folder: Path, settings: Env) -> tuple[Path, Manifest]:
    """One more, and then those away that need not stay. Raises Unfit with what it lacks."""
    recipients = recipients_of(settings.minqing_backup_key)
    # of two at once the second would take the first one's half for what a killed one left
    with file_lock(folder / ".minqing.lock"):
        for left in folder.glob(f".minqing-{county_mark()}-{copy_mark()}-*.age.part"):
            left.unlink(missing_ok=True)
        file = folder / name_at(now())
        if file.exists():
            raise Unfit(_("{file} was made in this very minute.").format(file=file))
        made = back_up_and_note(file, recipients, settings)
        clear_away(folder)
    return file, made


def back_up_and_note(file: Path, recipients: list[object], settings: Env) -> Manifest:
    from minqing.core.actor import Actor
    from minqing.journal.services import record

    made = back_up(file, recipients, settings)
    # after it: that one was made is no part of it
    record(type="config.backup.made", subject=f"backup:{made.made_at}", by=Actor.system("minqing backup"))
    return made


def folder_of(settings: Env) -> Path:
    """Raises Unfit where it is not there: a disk that is not mounted is not to be replaced by a folder on this one."""
    folder = settings.minqing_backup_folder
    if folder is None:
        raise Unfit(_("Name the file to write, or the folder in which backups are kept, with MINQING_BACKUP_FOLDER."))
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise Unfit(
            _("{folder} is not there. Make it, or mount the disk on which it is (MINQING_BACKUP_FOLDER).").format(
                folder=folder
            )
        )
    return folder


def county_mark() -> str:
    """By which the backups of this county are told from those of another in the same folder; it is restored with it."""
    from minqing.journal.queries import first_event

    first = first_event()
    return hashlib.sha256(str(first.pk if first else "").encode()).hexdigest()[:8]


def copy_mark() -> str:
    """By which the backups of this county are told from those of a copy of it, restored elsewhere from one of them."""
    return incarnation()[:4]


def name_at(moment: datetime) -> str:
    return f"minqing-{county_mark()}-{copy_mark()}-{moment.astimezone(SHANGHAI):{STAMP}}.age"


def kept_in(folder: Path, *, of_any_copy: bool = False) -> dict[datetime, Path]:
    """The backups of this county's schedule in the folder, the oldest first.

    One that bears a time to come was made while the clock was ahead: it is neither the newest nor cleared away.
    """
    own, copy = county_mark(), copy_mark()
    found = ((NAME.fullmatch(one.name), one) for one in sorted(folder.iterdir()))
    made = {
        datetime.strptime(match[3], STAMP).replace(tzinfo=SHANGHAI): one
        for match, one in found
        if match and match[1] == own and (of_any_copy or match[2] == copy)
    }
    return {moment: one for moment, one in made.items() if not is_ahead(moment)}


def is_ahead(moment: datetime) -> bool:
    """Whether that moment is still to come, by more than clocks of several machines differ."""
    return moment > now() + timedelta(minutes=2)


def newest_in(folder: Path) -> Path:
    """Just after a restore the newest is one of before it."""
    found = kept_in(folder) or kept_in(folder, of_any_copy=True)
    if not found:
        raise Unfit(_("There is no backup in {folder} yet.").format(folder=folder))
    return found[max(found)]


def clear_away(folder: Path) -> None:
    found = kept_in(folder)
    for one in found.keys() - staying(found):
        found[one].unlink(missing_ok=True)


def staying(made: Iterable[datetime]) -> set[datetime]:
    """All of the last two days, and the last of each of the latest days, weeks and months in which there was one."""
    moments = sorted(made)
    days = {one.date(): one for one in moments}
    weeks = {one.isocalendar()[:2]: one for one in moments}
    months = {(one.year, one.month): one for one in moments}
    return {
        *(one for one in moments if moments[-1] - one < LATELY),
        *list(days.values())[-DAYS:],
        *list(weeks.values())[-WEEKS:],
        *list(months.values())[-MONTHS:],
    }
