"""``minqing keys …``: are these the keys of this database?"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.env import env
from minqing.config.key_file import drop_former_keys, former_kept, renew_field_key
from minqing.config.locks import in_use
from minqing.config.processes import UP_LOCK, Unfit
from minqing.config.words import _
from minqing.core.command import console, echo

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


@keys.command(
    help=_(
        "Make a new field key beside the one in use. Nothing may be at work; then: minqing up and minqing keys rotate."
    )
)
def new() -> None:
    settings = env()
    if in_use(settings.var / UP_LOCK):
        raise Unfit(
            _(
                "Minqing is up with the data in {var} and could not read what is written with a new key. Stop it "
                "first: minqing stop"
            ).format(var=settings.var)
        )
    ready()
    from django.db import transaction

    from minqing.config.running import refuse_while_serving
    from minqing.core.actor import Actor
    from minqing.journal.services import record

    refuse_while_serving()
    path = settings.var / "keys.json"
    if not settings.embedded or settings.minqing_field_key is not None:
        echo(secrets.token_hex(32))
        console.print(
            _(
                "Set it as MINQING_FIELD_KEY and add the one before to MINQING_OLD_FIELD_KEYS, wherever Minqing runs. "
                "Then run minqing migrate, start it, and run minqing keys rotate."
            ),
            highlight=False,
        )
        return
    with transaction.atomic():
        record(type="config.key.new", subject="key:field_key", by=Actor.system("minqing keys"))
        renew_field_key(path)
    console.print(
        _(
            "{file} holds a new key and the one before. Copy it to your safe now: without it what is written from now "
            "on cannot be read. Then run: minqing up, and beside it: minqing keys rotate"
        ).format(file=path),
        highlight=False,
    )


@keys.command(
    help=_("Write what lies under a former field key under the one in use, while people work. Goes on where it ended.")
)
def rotate() -> None:
    ready()
    from django.db import transaction
    from rich.progress import Progress

    from minqing.core.actor import Actor
    from minqing.journal.services import record
    from minqing.org.queries import system_actor
    from minqing.privacy.rotation import rewrite, values_under_former

    by = system_actor("minqing keys")
    total = values_under_former(by=by)
    with Progress(console=console) as bar:
        task = bar.add_task(_("under the new key"), total=total)
        closed = rewrite(by=by, told=lambda count: bar.advance(task, count))
    left = values_under_former(by=by)
    with transaction.atomic():
        record(
            type="config.key.rotated",
            subject="key:field_key",
            data={"values": total - left, "left": left},
            by=Actor.system("minqing keys"),
        )
    echo(_("{count} values were written under the key in use.").format(count=total - left))
    if closed:
        raise Unfit(
            _("{count} values are opened by no key that is here, the first at {place}. They stay as they are.").format(
                count=len(closed), place=closed[0]
            )
        )
    if left:
        raise Unfit(
            _(
                "{count} values were saved meanwhile under the key before, by something that was not started anew. "
                "Start it anew, then run this again."
            ).format(count=left)
        )
    echo(_("No value needs a former key any more: minqing keys drop takes it away."))


@keys.command(help=_("Take the former field keys away. Refused while a value needs one."))
def drop() -> None:
    ready()
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record
    from minqing.org.queries import system_actor
    from minqing.privacy.key_prints import drop_former_prints
    from minqing.privacy.rotation import values_under_former

    if left := values_under_former(by=system_actor("minqing keys")):
        raise Unfit(_("{count} values are under a former key: run minqing keys rotate first.").format(count=left))
    settings = env()
    with transaction.atomic():
        record(type="config.key.dropped", subject="key:field_key", by=Actor.system("minqing keys"))
        drop_former_prints(using="owner")
    path = settings.var / "keys.json"
    if settings.embedded and former_kept(path):
        drop_former_keys(path)
    if settings.minqing_old_field_keys is not None:
        console.print(_("Take MINQING_OLD_FIELD_KEYS away, wherever Minqing runs."), highlight=False)
    console.print(
        _("Former keys are needed no more. Keep them in the safe for as long as there are backups from before."),
        highlight=False,
    )


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
