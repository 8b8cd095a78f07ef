"""What ``minqing doctor`` says of backups: when one was made, and whether one was ever restored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from minqing.config import wal_archive
from minqing.config.archives import cannot_read
from minqing.config.backup_schedule import folder_of, is_ahead, kept_in
from minqing.config.env import env
from minqing.config.processes import Unfit
from minqing.config.wal_archive import BASE, PIECE, refuse_where_none_are_kept, said
from minqing.config.words import N_, _
from minqing.core.clock import local_date, now
from minqing.core.health import Finding
from minqing.journal.queries import first_event, newest_of

LONGEST_WITHOUT: Final = timedelta(days=7)
# made each night: one night may be missed
LONGEST_WITHOUT_NIGHTLY: Final = timedelta(days=2)
LONGEST_WITHOUT_DRILL: Final = timedelta(days=40)
# the worker keeps them every five minutes, but for the time a backup takes
LONGEST_WITHOUT_MOMENTS: Final = timedelta(hours=2)
ARCHIVED: Final = """
SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time FROM pg_stat_archiver
"""


def backups() -> Finding:
    """Whether the database keeps its log elsewhere, or when a backup was last made. Other copies cannot be seen."""
    with connection.cursor() as cursor:
        cursor.execute(ARCHIVED)
        archives, last, failed = cursor.fetchone()
    made, nightly = newest_of("config.backup.made"), env().minqing_backup_folder is not None
    if made and (nightly or not archives):
        if nightly:
            return kept()
        told = _("last made on {day}").format(day=local_date(made.at))
        return Finding(N_("backups"), lately(made.at, LONGEST_WITHOUT), told, _("Run: minqing backup FILE"))
    if nightly:
        # where a night or two went by since the county began, none will be made in the next one either
        began = first_event()
        young = began is None or now() - began.recorded_at < LONGEST_WITHOUT_NIGHTLY
        told = _("none yet; the first one is made in the coming night") if young else _("none")
        return Finding(N_("backups"), young, told, _("Run: minqing backup"), known=not young)
    if not archives:
        told = _("none that this system knows of")
        mend = _(
            "Make a key to open them with (minqing keys backup), then set MINQING_BACKUP_KEY and MINQING_BACKUP_FOLDER."
        )
        return Finding(N_("backups"), True, told, mend, known=False)
    late = failed is not None and (last is None or failed > last)
    seen = _("last kept on {day}").format(day=local_date(last)) if last else _("nothing kept yet")
    return Finding(
        N_("backups"), not late, seen, _("The database cannot keep its log: look at archive_command in its own log.")
    )


def lately(moment: datetime, longest: timedelta) -> bool:
    """One of a time to come was noted while the clock was ahead, and says nothing of now."""
    return not is_ahead(moment) and now() - moment < longest


def kept() -> Finding:
    """By the files themselves: that one was made says nothing of where it is now."""
    try:
        folder = folder_of(env())
        found = kept_in(folder)
    except Unfit as unfit:
        return Finding(N_("backups"), False, str(unfit), _("Run: minqing backup"))
    except OSError as error:
        return Finding(N_("backups"), False, str(cannot_read(folder, error)), _("Run: minqing backup"))
    if not found:
        told = _("There is no backup in {folder} yet.").format(folder=folder)
        return Finding(N_("backups"), False, told, _("Run: minqing backup"))
    last = max(found)
    told = _("last made on {day}").format(day=local_date(last))
    return Finding(N_("backups"), now() - last < LONGEST_WITHOUT_NIGHTLY, told, _("Run: minqing backup"))


def moments() -> Finding:
    """Until when any moment can be put back to, by the files themselves."""
    name, mend = N_("moments"), _("Run: minqing backup --moment")
    if not env().minqing_backup_moments:
        return Finding(name, True, _("none are kept: a restore goes back to a backup"), known=False)
    try:
        refuse_where_none_are_kept(env())
        folder = folder_of(env())
        copies, pieces = wal_archive.kept_in(folder, BASE), wal_archive.kept_in(folder, PIECE)
    except Unfit as unfit:
        return Finding(name, False, str(unfit), mend)
    except OSError as error:
        return Finding(name, False, str(cannot_read(folder, error)), mend)
    if not copies or not pieces:
        return Finding(name, False, _("none"), mend)
    told = _("from {first} to {last}").format(first=said(min(copies)), last=said(max(pieces)))
    return Finding(name, now() - max(pieces) < LONGEST_WITHOUT_MOMENTS, told, mend)


def drilled() -> Finding:
    """The last rehearsal: a backup that nobody has restored is a hope."""
    made, mend = newest_of("config.drill.made"), _("Run: minqing drill --key FILE")
    if made is None:
        return Finding(N_("drill"), True, _("no backup was ever tried"), mend, known=False)
    day, seconds = local_date(made.at), made.data.get("seconds", 0)
    if not made.data.get("well"):
        told = _("failed on {day}: {what}").format(day=day, what=", ".join(map(_, made.data.get("wrong", []))))
        return Finding(N_("drill"), False, told, mend)
    told = _("on {day} the county was there again after {seconds} seconds").format(day=day, seconds=seconds)
    if "moment_seconds" in made.data:
        told += _("; as of a moment after {seconds}").format(seconds=made.data["moment_seconds"])
    return Finding(N_("drill"), lately(made.at, LONGEST_WITHOUT_DRILL), told, mend)
