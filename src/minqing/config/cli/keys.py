"""``minqing keys …``: are these the keys of this database?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.command import console

keys = typer.Typer(no_args_is_help=True, help=_("The keys that this database was written with."))
app.add_typer(keys, name="keys")


@keys.command(help=_("Compare the keys in use with the fingerprints in the database. Exit code 1: one does not fit."))
def check() -> None:
    ready(keys_fit=False)
    from minqing.config.preflight import WHAT_TO_DO, where
    from minqing.privacy.key_prints import NONE, noted_prints, own_prints, unfit_keys

    wrong, noted, own = unfit_keys(), noted_prints(), own_prints()
    for name in sorted({*noted, *own}):
        prints = ", ".join(sorted(noted[name])) if name in noted else _("not noted yet: run minqing migrate")
        used = ", ".join(sorted(own.get(name, {NONE})))
        typer.echo(
            _("{what} {where}: {used} (database: {prints})").format(
                what="✗" if name in wrong else "✓", where=where(name), used=used, prints=prints
            )
        )
    for name in wrong:
        typer.echo(f"{name}: {_(WHAT_TO_DO[name])}.", err=True)
    if wrong:
        raise typer.Exit(1)


@keys.command("backup", help=_("Make a pair of keys for backups: the secret one into FILE, the public one is printed."))
def backup_keys(
    file: Annotated[Path, typer.Argument(help=_("The file to write; keep it away from this machine."))],
) -> None:
    from minqing.config.archives import new_identity

    typer.echo(new_identity(file))
    console.print(
        _("Set it as MINQING_BACKUP_KEY. Keep {file} away from this machine: without it no backup can be read.").format(
            file=file
        ),
        highlight=False,
    )


@keys.command(help=_("Say that a key was changed on purpose. Only for keys with which no data is written."))
def accept(name: Annotated[str, typer.Argument(help=_("secret_key or seal_key."))]) -> None:
    ready(keys_fit=False)
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record
    from minqing.privacy.key_prints import EXCHANGEABLE, exchange_print

    if name not in EXCHANGEABLE:
        raise Unfit(
            _("{name} cannot be exchanged: what was written with it would be lost. Put the key back.").format(name=name)
        )
    with transaction.atomic():
        record(type="config.key.accepted", subject=f"key:{name}", by=Actor.system("minqing keys"))
        exchange_print(name, using="owner")
    console.print(_("{name} is now the one in use.").format(name=name), highlight=False)
