"""A county out of a backup, into an empty place: compared with what the backup says of itself before it is there.

It is put together beside its place and gets its names last, so what is refused or cut off leaves nothing that could be
served.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from minqing.config import cluster, embedded
from minqing.config.archives import Manifest, identities_in, unpack
from minqing.config.backup import DUMP, FOLDERS, LAST_SEAL, SETTINGS, counted, server_of
from minqing.config.disks import refuse_without_room
from minqing.config.env import KEYS, OPTIONAL, Env
from minqing.config.locks import InUse, held
from minqing.config.looking import JOURNAL, Looks, Seen, look_into
from minqing.config.processes import Unfit
from minqing.config.words import _

# there while what was put together gets its place
UNFINISHED: Final = ".restore-unfinished"
# how many transactions one page of PostgreSQL's record of them holds; a counter may be set to the first of a page
PAGE: Final = 32768
# and how many numbers there are before they begin anew, the first few of which are PostgreSQL's own
ROUND: Final = 2**32


@dataclass(frozen=True)
class Restored:
    """What the backup says of itself, and what was seen in the county that came out of it."""

    manifest: Manifest
    found: list[Seen]


@dataclass(frozen=True)
class Stage:
    """Where it is put together: each on the disk of its place."""

    files: Path
    database: Path

    @property
    def pgdata(self) -> Path:
        return self.database / "pg"


def restore(
    archive: Path,
    identity: Path,
    settings: Env,
    *,
    only_check: bool = False,
    although_changed: bool = False,
    although_full: bool = False,
    looks: Looks = (),
) -> Restored:
    """Raises Unfit with what does not fit; then nothing was changed. ``only_check``: it is thrown away in the end.

    ``although_changed``: also where the record in it is not as it was written, as it is all there is;
    ``although_full``: nor is it looked whether there is room, which is reckoned with more than a disk may need;
    ``looks``: what else is tried with it before it has its place; the journal is proved in any case.
    """
    if not archive.is_file():
        raise Unfit(_("There is no file {archive}.").format(archive=archive))
    identities = identities_in(identity)
    # it is tried beside the county that works there
    if not although_full:
        refuse_without_room(archive.stat().st_size, settings.var)
    with stage_of(settings) as stage:
        manifest = unpack(archive, identities, stage.files)
        if not although_full:
            refuse_without_room(manifest.size, stage.database)
        refuse_what_does_not_fit(manifest)
        with loaded(manifest, stage, settings.minqing_db_name):
            found = proved(stage, looks, although_changed=although_changed)
        if not only_check:
            put_in_place(stage, settings)
    return Restored(manifest, found)


def proved(stage: Stage, looks: Looks, *, although_changed: bool) -> list[Seen]:
    found = look_into(stage.pgdata, stage.files, (JOURNAL, *looks))
    if not although_changed:
        refuse_what_was_changed(found)
    return found


def refuse_what_was_changed(found: list[Seen]) -> None:
    wrong = [one.seen for one in found if one.name == JOURNAL and not one.well]
    if wrong:
        raise Unfit(
            _(
                "The record in the backup is not as it was written: {what}. Take an older one; if there is none, run "
                "this again with --although-changed. Nothing was changed."
            ).format(what=wrong[0])
        )


def refuse_what_is_there(settings: Env) -> None:
    if (settings.var / UNFINISHED).exists() and not settings.pgdata.exists():
        left = [name for name in (UNFINISHED, *FOLDERS, SETTINGS) if (settings.var / name).exists()]
        raise Unfit(
            _("A restore into {var} was broken off near its end. Remove {names} there and run this again.").format(
                var=settings.var, names=", ".join(left)
            )
        )
    there = [one for one in (settings.pgdata, *(settings.var / name for name in FOLDERS)) if one.exists()]
    if there:
        raise Unfit(
            _(
                "{there} is there already. A backup is restored into an empty folder: name one with MINQING_VAR, and "
                "put keys.json into it. Nothing was changed."
            ).format(there=there[0])
        )


def refuse_without_keys(settings: Env) -> None:
    given = all(getattr(settings, f"minqing_{name}") is not None for name in KEYS if name not in OPTIONAL)
    if not given and not (settings.var / "keys.json").is_file():
        raise Unfit(
            _(
                "A backup holds no keys. Put your copy of the county's keys into {file}, or into the environment, and "
                "run this again; nothing was changed."
            ).format(file=settings.var / "keys.json")
        )


@contextmanager
def stage_of(settings: Env) -> Iterator[Stage]:
    """Folders of its own, which are gone afterwards with whatever is left in them."""
    stage = Stage(settings.var / ".restore", settings.pgdata.parent / f".{settings.pgdata.name}.restore")
    with alone(settings):
        clear(stage)
        try:
            stage.files.mkdir(mode=0o700)
            # the server's user goes through it to its own folder, which is closed to others
            stage.database.mkdir(parents=True, mode=0o755)
            yield stage
        finally:
            clear(stage)


@contextmanager
def alone(settings: Env) -> Iterator[None]:
    """A second one would clear away under the first what it takes for that of a killed one."""
    try:
        with held(settings.var / ".restore.lock"):
            yield
    except InUse:
        raise Unfit(
            _("Another restore or drill works in {var}. Wait until it has ended; nothing was changed.").format(
                var=settings.var
            )
        ) from None


def clear(stage: Stage) -> None:
    # of one that was killed, too
    if stage.pgdata.exists():
        cluster.stop(stage.pgdata)
    for one in (stage.files, stage.database):
        shutil.rmtree(one, ignore_errors=True)


def refuse_what_does_not_fit(manifest: Manifest) -> None:
    from minqing.core.compatibility import GENERATION, brought_with
    from minqing.core.version import own_version
    from minqing.privacy.key_prints import unfit

    known = brought_with()
    labels = {app for app, _name in known}
    newer = [name for app, name in manifest.migrations if app in labels and (app, name) not in known]
    if newer or manifest.generation > GENERATION:
        raise Unfit(
            _(
                "The backup is of Minqing {version}, and this is {own}, which is older. Install that version or a "
                "later one; nothing was changed."
            ).format(version=manifest.version, own=own_version())
        )
    wrong = unfit({name: set(prints) for name, prints in manifest.keys.items()})
    if wrong:
        raise Unfit(
            _(
                "These are not the keys with which the backup was written: {names}. Put the right ones into keys.json "
                "or the environment; nothing was changed."
            ).format(names=", ".join(wrong))
        )


@contextmanager
def loaded(manifest: Manifest, stage: Stage, database: str) -> Iterator[None]:
    """The database, by a server on the stage that is stopped again."""
    cluster.make(stage.pgdata)
    go_on_from(manifest.transaction, stage.pgdata)
    socket = embedded.start(stage.pgdata)
    try:
        with embedded.superuser(socket) as connection:
            own = connection.info.server_version // 10000
        if manifest.postgresql > own:
            raise Unfit(
                _("The backup is of PostgreSQL {its}, and this is {own}. Install what it was made with.").format(
                    its=manifest.postgresql, own=own
                )
            )
        embedded.ensure_database(socket, database)
        with embedded.superuser(socket) as connection, called_as_there(connection, manifest.roles):
            server, jobs = server_of(socket, database), min(4, os.cpu_count() or 1)
            words = ("--exit-on-error", f"--jobs={jobs}", f"--dbname={database}")
            server.call("pg_restore", *words, str(stage.files / DUMP))
        with embedded.superuser(socket, database) as connection:
            connection.execute("ANALYZE")
            compare(manifest, counted(connection), [*(connection.execute(LAST_SEAL).fetchone() or ())])
        yield
    finally:
        embedded.stop(stage.pgdata)


@contextmanager
def called_as_there(connection: psycopg.Connection, roles: Mapping[str, str]) -> Iterator[None]:
    """Our two roles under the names that they had where the backup was made: what belongs to whom stands in it."""
    other = [
        (ours, theirs)
        for ours, theirs in ((embedded.OWNER, roles.get("owner", "")), (embedded.APP, roles.get("app", "")))
        if theirs and theirs != ours
    ]
    if len(other) == 2 and other[0][1] == other[1][1]:
        # one role for both: `minqing up` grants the app's own anew
        other.pop()
    rename(connection, other)
    try:
        yield
    finally:
        rename(connection, [(theirs, ours) for ours, theirs in other])


def rename(connection: psycopg.Connection, pairs: list[tuple[str, str]]) -> None:
    for before, after in pairs:
        connection.execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(before), sql.Identifier(after)))


def go_on_from(transaction: int, pgdata: Path) -> None:
    """Have the new server count transactions from where the old one was: the journal's order and seals name them."""
    epoch, within = divmod((transaction // PAGE + 1) * PAGE, ROUND)
    if not 0 < within < ROUND // 4:
        # numbers go round: to one far ahead the rows that the new server was made with would be of the future
        epoch, within = epoch + (within > 0), PAGE
    cluster.call(pgdata, "pg_resetwal", f"--epoch={epoch}", f"--next-transaction-id={within}", f"--pgdata={pgdata}")


def compare(manifest: Manifest, tables: dict[str, int], seal: list[object]) -> None:
    other = sorted(
        name for name in manifest.tables.keys() | tables.keys() if manifest.tables.get(name) != tables.get(name)
    )
    if other:
        raise Unfit(
            _("{count} tables have not the rows that the backup names, the first {name}. Nothing was changed.").format(
                count=len(other), name=other[0]
            )
        )
    if seal != manifest.seal:
        raise Unfit(_("The last seal of the journal is not the one that the backup names. Nothing was changed."))


def put_in_place(stage: Stage, settings: Env) -> None:
    """The database last: without it there is no county here."""
    (settings.var / UNFINISHED).touch()
    for name in FOLDERS:
        if (stage.files / name).is_dir():
            (stage.files / name).rename(settings.var / name)
    (stage.files / SETTINGS).rename(settings.var / SETTINGS)
    stage.pgdata.rename(settings.pgdata)
    (settings.var / UNFINISHED).unlink()
