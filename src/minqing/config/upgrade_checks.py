"""Before tables are changed: is there room, a fresh backup, nobody at work and nobody who holds a table?

What is in the way is found before the first migration, so that an upgrade is whole or has not begun; what comes up in
the middle all the same stops it at a migration that is named, and the same command goes on there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.db import connections
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState

from minqing.config.env import env
from minqing.config.processes import Busy, Unfit
from minqing.config.running import serving
from minqing.config.words import N_, _
from minqing.core import clock
from minqing.core.health import Finding
from minqing.core.version import own_version

GIB: Final = 1024**3
LEAST_DISK: Final = 2 * GIB
FRESH: Final = timedelta(days=1)
# who holds a table at two looks this far apart is not just passing: as long as a migration waits for its lock
PASSING: Final = 2.0
MOST_NAMED: Final = 3
# of other sessions; what autovacuum holds it lets go of by itself, and has no user
HOLDERS: Final = """
SELECT held.pid, held.virtualtransaction, coalesce(nullif(who.application_name, ''), who.usename),
    string_agg(DISTINCT class.relname, ', ' ORDER BY class.relname)
FROM pg_locks held JOIN pg_stat_activity who USING (pid) JOIN pg_class class ON class.oid = held.relation
WHERE held.granted AND held.pid <> pg_backend_pid() AND who.usename IS NOT NULL AND class.relkind = 'r'
AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND class.relnamespace = 'public'::regnamespace
GROUP BY 1, 2, 3 ORDER BY 1
"""
SIZES: Final = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
LAST_BACKUP: Final = "SELECT max(at) FROM journal_event WHERE type = 'config.backup.made'"
THERE: Final = "SELECT to_regclass('org_account') IS NOT NULL AND to_regclass('journal_event') IS NOT NULL"
# what comes with the software is in the record too
EMPTY: Final = "SELECT NOT EXISTS (SELECT FROM org_area) AND NOT EXISTS (SELECT FROM org_account)"


# a server whose log is kept elsewhere can be put back to any moment
LAST_ARCHIVED: Final = "SELECT last_archived_time FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'"
# what an operator may take upon himself
RISKS: Final = frozenset({"disk", "backup"})


def migrations_to_run() -> int:
    return len(names_to_run())


def names_to_run() -> list[str]:
    """``matters.0042_handler_indexes``, in the order in which they will run."""
    return [f"{one.app_label}.{one.name}" for one in pending()]


def pending() -> list[Migration]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [one for one, _backwards in plan]


def upgrade_findings(to_run: int) -> list[Finding]:
    """All that speaks against changing the tables now, for so many migrations."""
    found = version(to_run)
    # where nothing is to be changed nothing else can be in the way
    return [found, disk(), backup(), nobody_serves(), tables_free()] if to_run or not found.well else [found]


def version(to_run: int) -> Finding:
    from minqing.core.compatibility import made_by_newer

    if newer := made_by_newer():
        told = _("of newer software: {newer}").format(newer=newer)
        return Finding(N_("version"), False, told, _("Install that version of Minqing"))
    seen = _("Minqing {version}, {count} migrations to run").format(version=own_version(), count=to_run)
    return Finding(N_("version"), True, seen)


def disk() -> Finding:
    """A table that is written anew is there twice for a while; of a server elsewhere its disk cannot be seen."""
    settings = env()
    free = shutil.disk_usage(settings.pgdata if settings.embedded else settings.var).free
    needed = LEAST_DISK + (largest_changed() if settings.embedded else 0)
    seen = _("{free} GiB free, {needed} GiB needed").format(free=f"{free / GIB:.1f}", needed=f"{needed / GIB:.1f}")
    return Finding(N_("disk"), free >= needed, seen, _("Free some space or move the folder to a larger disk."))


def largest_changed() -> int:
    """Bytes of the largest table, its indexes included, that a migration to run may write anew."""
    with connections["default"].cursor() as cursor:
        cursor.execute(SIZES)
        sizes = dict(cursor.fetchall())
    changed = {table for one in pending() for table in sizes if may_change(one, table)}
    return max((sizes[one] for one in changed), default=0)


def may_change(migration: Migration, table: str) -> bool:
    """By the models that it names; where it runs code or SQL of its own any table of its room."""
    return any(changes(one, migration.app_label, table) for one in migration.operations)


def changes(operation: Any, room: str, table: str) -> bool:
    name = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    if isinstance(operation, SeparateDatabaseAndState):
        return any(changes(one, room, table) for one in operation.database_operations)
    if isinstance(operation, RunSQL | RunPython) or not name:
        return table.startswith(f"{room}_")
    try:
        return table == apps.get_model(room, name)._meta.db_table
    except LookupError:
        # of a model that is no more
        return table == f"{room}_{name}".lower()


def backup() -> Finding:
    """By plain SQL: the tables are those of the release before."""
    if nothing_to_lose():
        return Finding(N_("backup"), True, _("nothing to lose yet"))
    with connections["default"].cursor() as cursor:
        cursor.execute(LAST_BACKUP)
        found = cursor.fetchall()
        cursor.execute(LAST_ARCHIVED)
        found += cursor.fetchall()
    made = max((at for (at,) in found if at), default=None)
    seen = _("made {when}").format(when=f"{made.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}") if made else _("none")
    fresh = made is not None and clock.now() - made < FRESH
    return Finding(N_("backup"), fresh, seen, _("Not older than a day: run minqing backup with the former version"))


def nothing_to_lose() -> bool:
    """An empty county, and the demo, which is made anew."""
    from minqing.config.rooms import sample

    with connections["default"].cursor() as cursor:
        cursor.execute(THERE)
        if not cursor.fetchone()[0]:
            return True
        cursor.execute(EMPTY)
        return bool(cursor.fetchone()[0]) or sample().here()


def refuse_unprepared() -> None:
    """Raise Unfit where a county's tables would be changed without room or a fresh backup."""
    if nothing_to_lose():
        return
    for found in (disk(), backup()):
        if not found.well:
            raise Unfit(
                _(
                    "The tables are to be changed, and something speaks against it: {name} ({seen}). {mend}; or add "
                    "--although-unsafe. Nothing was changed."
                ).format(name=_(str(found.name)), seen=found.seen, mend=str(found.mend).rstrip(".。"))
            )


def nobody_serves() -> Finding:
    found = serving()
    return Finding(N_("at work"), not found, ", ".join(found) or _("nothing"), _("Stop it there: minqing stop"))


def tables_free() -> Finding:
    found = list(holders())
    mend = _("Wait until it has ended, or end it there; then try again")
    return Finding(N_("tables in use"), not found, "; ".join(found[:MOST_NAMED]) or _("none"), mend)


def holders() -> Iterator[str]:
    """Who holds which of our tables for longer than a migration would wait."""
    first = held()
    if not first:
        return
    time.sleep(PASSING)
    second = held()
    for key in first.keys() & second.keys():
        (process, _transaction, who), tables = key, second[key]
        yield _("{who} (process {process}) holds {tables}").format(who=who, process=process, tables=tables)


def held() -> dict[tuple[int, str, str], str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(HOLDERS)
        return {(pid, transaction, who): tables for pid, transaction, who, tables in cursor}


def refuse_held_tables() -> None:
    """Raise Busy before the first migration where one of them would not get its lock."""
    found = tables_free()
    if not found.well:
        raise Busy(
            _("{seen}. The tables cannot be changed now; nothing was changed. {mend}.").format(
                seen=found.seen, mend=found.mend
            )
        )
