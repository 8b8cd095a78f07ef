"""``minqing backup``, ``restore`` and ``drill``: the county in one encrypted file, out of it again, and a rehearsal."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from minqing.config.archives import Manifest, recipients_of
from minqing.config.backup_schedule import back_up_and_note, back_up_into, folder_of, newest_in
from minqing.config.cli import app
from minqing.config.cli.base import ready, start_django
from minqing.config.disks import NoRoom
from minqing.config.env import Env, env
from minqing.config.looking import Seen
from minqing.config.processes import Unfit, check_folder
from minqing.config.recovery import restore_at
from minqing.config.restore import refuse_what_is_there, refuse_without_keys
from minqing.config.restore import restore as put_together
from minqing.config.wal_archive import keep_now, refuse_a_part, refuse_where_none_are_kept, said
from minqing.config.words import _
from minqing.core.clock import SHANGHAI
from minqing.core.command import echo


@app.command(
    help=_("Write database, pictures and settings of the running county into one encrypted file, without keys.")
)
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help=_("A file that is not there yet. Without it: one more in MINQING_BACKUP_FOLDER.")),
    ] = None,
    to: Annotated[str, typer.Option(help=_("Public key for which it is encrypted; else MINQING_BACKUP_KEY."))] = "",
    moment: Annotated[
        bool,
        typer.Option("--moment", help=_("Keep now what `restore --at` takes, as the worker does every five minutes.")),
    ] = False,
) -> None:
    settings = env()
    if moment:
        keep_this_moment(settings)
        return
    recipients = recipients_of(to or settings.minqing_backup_key)
    folder = folder_of(settings) if file is None else None
    if file is not None and file.exists():
        raise Unfit(_("{file} is there already. Name a file that is not.").format(file=file))
    ready()
    if file is None:
        file, made = back_up_into(folder or folder_of(settings), settings)
    else:
        made = back_up_and_note(file, recipients, settings)
    print_manifest(_("{file}: {rows} rows in {tables} tables, {files} files."), file, made)
    where = settings.var / "keys.json" if settings.embedded else _("the keys")
    echo(_("Keep it elsewhere, and {keys} apart from it: it holds no keys.").format(keys=where))


def keep_this_moment(settings: Env) -> None:
    refuse_where_none_are_kept(settings)
    recipients_of(settings.minqing_backup_key)
    folder_of(settings)
    ready()
    echo(_("{file}: every moment until now is kept.").format(file=keep_now(settings)))


@app.command(help=_("Put a county together from a backup in an empty folder, compared with what the backup names."))
def restore(
    file: Annotated[Path, typer.Argument(help=_("The backup; with --at the folder of backups."))],
    key: Annotated[Path, typer.Option(help=_("File with the secret key for which it was encrypted."))],
    at: Annotated[
        str, typer.Option(help=_("As it was at this time of the county (2026-09-30 14:05), where moments are kept."))
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help=_("Only try it, beside the data: nothing is left of it."))
    ] = False,
    although_changed: Annotated[
        bool, typer.Option("--although-changed", help=_("Although its record is not as it was written."))
    ] = False,
    although_unsafe: Annotated[
        bool, typer.Option("--although-unsafe", help=_("Although there is little room on the disk."))
    ] = False,
) -> None:
    settings, moment = env(), moment_in(at)
    refuse_other_servers()
    check_folder(settings.var)
    if not check:
        refuse_what_is_there(settings)
    refuse_without_keys(settings)
    if moment is None:
        refuse_a_part(file)
    start_django()
    put = put_together if moment is None else partial(restore_at, moment=moment)
    try:
        made = put(
            file, key, settings, only_check=check, although_changed=although_changed, although_full=although_unsafe
        )
    except NoRoom as unfit:
        raise Unfit(_("{why} To go on all the same add --although-unsafe.").format(why=unfit)) from None
    if moment is None:
        told = _("{file}: {rows} rows in {tables} tables, {files} files, all as they were on {moment}.")
        print_manifest(told, file, made.manifest)
    else:
        echo(_("The county is as it was on {moment}; what was written after it is not in it.").format(moment=moment))
    tell_seen(made.found)
    if check:
        echo(_("Nothing was changed: this was a trial."))
    else:
        echo(_("The county is in {var}, its settings in {settings}. Start it with: minqing up").format(
            var=settings.var, settings=settings.var / "settings.env"
        ))  # fmt: skip


@app.command(
    help=_(
        "Restore the newest backup, and the last moment kept, beside the data, try what comes out, and throw it away."
    )
)
def drill(
    key: Annotated[Path, typer.Option(help=_("File with the secret key for which it was encrypted."))],
    file: Annotated[Path | None, typer.Argument(help=_("Another backup than the newest one."))] = None,
    at: Annotated[
        str,
        typer.Option(help=_("Another moment than the last one that is kept (2026-09-30 14:05).")),
    ] = "",
) -> None:
    settings, moment = env(), moment_in(at)
    if file:
        refuse_a_part(file)
    ready()
    from minqing.config.drill import last_moment, rehearse

    moments = [moment] if moment else last_moment(settings)
    done = rehearse(file or newest_in(folder_of(settings)), key, settings, moments)
    for one in done:
        tell_seen(one.found)
        echo(
            _("{file}: the county was there again after {seconds} seconds.").format(
                file=one.archive, seconds=one.seconds
            )
            if one.moment is None
            else _("{moment}: the county was there again after {seconds} seconds.").format(
                moment=said(one.moment), seconds=one.seconds
            )
        )
    if not all(one.well for one in done):
        raise typer.Exit(1)


def moment_in(told: str) -> datetime | None:
    """In the county's time where none is named."""
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise Unfit(_("“{told}” is no time. Write it as 2026-09-30 14:05.").format(told=told)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def tell_seen(found: list[Seen]) -> None:
    for one in found:
        mark = "[green]✓[/]" if one.well else "[red]✗[/]"
        echo(f"{mark} {_(one.name)}: {escape(one.seen)}")


def print_manifest(sentence: str, file: Path, made: Manifest) -> None:
    echo(
        sentence.format(
            file=file, rows=made.rows, tables=len(made.tables), files=len(made.contents), moment=local(made.made_at)
        )
    )
    if made.seal:
        echo(_("Note down away from this machine: {head}:{digest}").format(head=made.seal[0], digest=made.seal[1]))


def local(told: str) -> str:
    """A moment of a manifest in the county's time, as everywhere on this page and in names of files."""
    return f"{datetime.fromisoformat(told).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def refuse_other_servers() -> None:
    if not env().embedded:
        raise Unfit(
            _(
                "A backup is put together in the PostgreSQL that comes with Minqing. Unset DATABASE_URL and name an "
                "empty folder with MINQING_VAR."
            )
        )
