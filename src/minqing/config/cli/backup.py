"""``minqing backup`` and ``minqing restore``: the whole county in one encrypted file, and out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minqing.config.archives import Manifest, recipients_of
from minqing.config.backup import back_up
from minqing.config.cli import app
from minqing.config.cli.base import ready, start_django
from minqing.config.env import env
from minqing.config.processes import Unfit, check_folder
from minqing.config.restore import refuse_what_is_there, refuse_without_keys
from minqing.config.restore import restore as put_together
from minqing.config.words import _
from minqing.core.command import echo


@app.command(
    help=_("Write database, pictures and settings of the running county into one encrypted file, without keys.")
)
def backup(
    file: Annotated[Path, typer.Argument(help=_("The file to write; it must not be there yet."))],
    to: Annotated[str, typer.Option(help=_("Public key for which it is encrypted; else MINQING_BACKUP_KEY."))] = "",
) -> None:
    settings = env()
    refuse_other_servers()
    recipients = recipients_of(to or settings.minqing_backup_key)
    if file.exists():
        raise Unfit(_("{file} is there already. Name a file that is not.").format(file=file))
    ready()
    from minqing.core.actor import Actor
    from minqing.journal.services import record

    made = back_up(file, recipients, settings)
    # after it: that one was made is no part of it
    record(type="config.backup.made", subject=f"backup:{made.made_at}", by=Actor.system("minqing backup"))
    tell(_("{file}: {rows} rows in {tables} tables, {files} files."), file, made)
    echo(_("Keep it elsewhere, and {keys} apart from it: it holds no keys.").format(keys=settings.var / "keys.json"))


@app.command(help=_("Put a county together from a backup in an empty folder, compared with what the backup names."))
def restore(
    file: Annotated[Path, typer.Argument(help=_("The backup."))],
    key: Annotated[Path, typer.Option(help=_("File with the secret key for which it was encrypted."))],
    check: Annotated[
        bool, typer.Option("--check", help=_("Only try it, beside the data: nothing is left of it."))
    ] = False,
) -> None:
    settings = env()
    refuse_other_servers()
    check_folder(settings.var)
    if not check:
        refuse_what_is_there(settings)
    refuse_without_keys(settings)
    start_django()
    made = put_together(file, key, settings, only_check=check)
    tell(_("{file}: {rows} rows in {tables} tables, {files} files, all as they were on {moment}."), file, made)
    if check:
        echo(_("Nothing was changed: this was a trial."))
    else:
        echo(_("The county is in {var}, its settings in {settings}. Start it with: minqing up").format(
            var=settings.var, settings=settings.var / "settings.env"
        ))  # fmt: skip


def tell(sentence: str, file: Path, made: Manifest) -> None:
    echo(
        sentence.format(
            file=file, rows=made.rows, tables=len(made.tables), files=len(made.contents), moment=made.made_at
        )
    )
    if made.seal:
        echo(_("Note down away from this machine: {head}:{digest}").format(head=made.seal[0], digest=made.seal[1]))


def refuse_other_servers() -> None:
    if not env().embedded:
        raise Unfit(
            _(
                "This backs up the PostgreSQL that comes with Minqing. Yours, at DATABASE_URL, is backed up with its "
                "own tools (pg_basebackup), as docs/operations.md says."
            )
        )
