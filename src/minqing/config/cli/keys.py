"""``minqing keys …``: are these the keys of this database?"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.env import FURTHER, KEYS, OPTIONAL, Env, check_key, env, link_key
from minqing.config.key_file import drop_former_keys, former, former_kept, renew_key
from minqing.config.key_file import write as write_keys
from minqing.config.locks import in_use, make_own
from minqing.config.processes import UP_LOCK, Unfit
from minqing.config.words import _
from minqing.core.command import console, echo

if TYPE_CHECKING:
    from minqing.core.actor import Actor
    from minqing.journal.services import Json

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
        "Make a new field key, or index key, beside the one in use. Nothing may be at work; then: minqing up and "
        "minqing keys rotate."
    )
)
def new(
    index: Annotated[
        bool, typer.Option("--index", help=_("The index key, by which people are found by their numbers."))
    ] = False,
) -> None:
    name = "index_key" if index else "field_key"
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
    if not settings.embedded or getattr(settings, f"minqing_{name}") is not None:
        echo(secrets.token_hex(32))
        console.print(
            _(
                "Set it as {new} and add the one before to {former}, wherever Minqing runs. Then run minqing migrate, "
                "start it, and run minqing keys rotate."
            ).format(new=f"MINQING_{name.upper()}", former=f"MINQING_{former(name).upper()}"),
            highlight=False,
        )
        if index and not link_key():
            console.print(_("Set the one before as MINQING_LINK_KEY too, for good: links and codes were made with it."))
        return
    with transaction.atomic():
        record(type="config.key.new", subject=f"key:{name}", by=Actor.system("minqing keys"))
        renew_key(path, name)
    console.print(
        _(
            "{file} holds a new key and the one before. Copy it to your safe now: without it what is written from now "
            "on cannot be read. Then run: minqing up, and beside it: minqing keys rotate"
        ).format(file=path),
        highlight=False,
    )


@keys.command(
    help=_(
        "Write what lies under a former field key or index key under the one in use, while people work. Goes on where "
        "it ended."
    )
)
def rotate() -> None:
    ready()
    from minqing.org.queries import system_actor
    from minqing.privacy.keys import key_ring

    by, ring = system_actor("minqing keys"), key_ring()
    if len(ring.indexes) > 1:
        rotate_indexes(by)
    if len(ring.indexes) == 1 or len(ring.ciphers) > 1:
        rotate_values(by)
    echo(_("No value needs a former key any more: minqing keys drop takes it away."))


def rotate_values(by: Actor) -> None:
    from rich.progress import Progress

    from minqing.privacy.rotation import rewrite, values_under_former

    total = values_under_former(by=by)
    with Progress(console=console) as bar:
        task = bar.add_task(_("under the new key"), total=total)
        closed = rewrite(by=by, told=lambda count: bar.advance(task, count))
    left = values_under_former(by=by)
    note_rotated("field_key", {"values": total - left, "left": left})
    echo(_("{count} values were written under the key in use.").format(count=total - left))
    refuse_closed(closed)
    refuse_left(left)


def rotate_indexes(by: Actor) -> None:
    from rich.progress import Progress

    from minqing.privacy.reindexing import indexed_rows, reindex, under_former_index

    with Progress(console=console) as bar:
        task = bar.add_task(_("people under the new index key"), total=indexed_rows(by=by))
        done = reindex(by=by, told=lambda count: bar.advance(task, count))
    left = under_former_index(by=by)
    note_rotated("index_key", {"rows": done.written, "left": left})
    echo(_("{count} people and reports are found by the index key in use.").format(count=done.written))
    refuse_closed(done.closed)
    if done.twice:
        raise Unfit(
            _(
                "{count} are on file twice since the key was changed, the first is {place}. Close one of the two "
                "files, then run this again."
            ).format(count=len(done.twice), place=done.twice[0])
        )
    refuse_left(left)


def refuse_closed(closed: list[str]) -> None:
    if closed:
        raise Unfit(
            _("{count} values are opened by no key that is here, the first at {place}. They stay as they are.").format(
                count=len(closed), place=closed[0]
            )
        )


def refuse_left(left: int) -> None:
    if left:
        raise Unfit(
            _(
                "{count} values were saved meanwhile under the key before, by something that was not started anew. "
                "Start it anew, then run this again."
            ).format(count=left)
        )


def note_rotated(name: str, data: dict[str, Json]) -> None:
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record

    with transaction.atomic():
        record(type="config.key.rotated", subject=f"key:{name}", data=data, by=Actor.system("minqing keys"))


@keys.command(help=_("Take the former field keys and index keys away. Refused while a value needs one."))
def drop() -> None:
    ready()
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record
    from minqing.org.queries import system_actor
    from minqing.privacy.key_prints import CHANGED, drop_former_prints
    from minqing.privacy.reindexing import under_former_index
    from minqing.privacy.rotation import values_under_former

    by = system_actor("minqing keys")
    if left := values_under_former(by=by) + under_former_index(by=by):
        raise Unfit(_("{count} values are under a former key: run minqing keys rotate first.").format(count=left))
    settings = env()
    path = settings.var / "keys.json"
    with transaction.atomic():
        for name in CHANGED:
            if told_former(settings, name):
                record(type="config.key.dropped", subject=f"key:{name}", by=Actor.system("minqing keys"))
        drop_former_prints(using="owner")
    if settings.embedded and any(former_kept(path, name) for name in CHANGED):
        drop_former_keys(path, CHANGED)
    for name in CHANGED:
        if getattr(settings, f"minqing_{former(name)}") is not None:
            told = _("Take {former} away, wherever Minqing runs.")
            console.print(told.format(former=f"MINQING_{former(name).upper()}"), highlight=False)
    console.print(
        _("Former keys are needed no more. Keep them in the safe for as long as there are backups from before."),
        highlight=False,
    )


def told_former(settings: Env, name: str) -> bool:
    kept = former_kept(settings.var / "keys.json", name) if settings.embedded else []
    return bool(kept) or getattr(settings, f"minqing_{former(name)}") is not None


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


@keys.command(help=_("Write the keys as a paper for the safe: QR codes and words, as a PDF for printing."))
def paper(
    file: Annotated[Path, typer.Argument(help=_("The PDF to write; print it and delete it."))],
) -> None:
    ready()
    from django.db import transaction
    from django.utils import timezone, translation

    from minqing.config.archives import cannot_write
    from minqing.config.env import all_keys
    from minqing.core.actor import Actor
    from minqing.journal.services import record
    from minqing.org.queries import top_area
    from minqing.privacy.paper import sheet

    top, day = top_area(), timezone.localdate().isoformat()
    title = _("Keys of {county}, {day}").format(county=top.name if top else "Minqing", day=day)
    made = sheet(all_keys(), title=title, language=translation.get_language() or "en")
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise cannot_write(file, error) from None
    with os.fdopen(number, "wb") as out:
        out.write(made)
    with transaction.atomic():
        record(type="config.key.printed", subject="key:all", by=Actor.system("minqing keys"))
    told = _("Print {file}, seal it, lay it into the safe and delete the file. Each change of a key needs a new paper.")
    console.print(told.format(file=file), highlight=False)


@keys.command(
    "read-paper", help=_("Read the keys back from the paper, a line each: a scanned code, or a name and its words.")
)
def read_paper(
    file: Annotated[
        Path | None, typer.Argument(help=_("The file to write; by default keys.json of the data folder."))
    ] = None,
    check: Annotated[bool, typer.Option("--check", help=_("Only compare the paper with the keys in use."))] = False,
) -> None:
    settings = env()
    target = file or settings.var / "keys.json"
    if check:
        ready()
    else:
        # without Django: its settings refuse a database whose keys are not there, and those are to be brought back
        refuse_what_is_there(target)
    from minqing.privacy.paper import Slip, read

    console.print(_("A line for each key, then an empty one."))
    try:
        found = read(typed())
    except Slip as slip:
        raise Unfit(
            _("Word {number} is in no list. Nothing was written.").format(number=slip.word)
            if slip.word
            else _("The check does not fit: a word is wrong, lacking or out of place. Nothing was written.")
        ) from None
    if not found:
        raise Unfit(_("Nothing was read: type or scan a line for each key, and Enter at the end of each."))
    told = {name: values if name.startswith("old_") else values[-1] for name, values in found.items()}
    known = {*KEYS, *FURTHER}
    if strange := sorted({*told} - known):
        raise Unfit(
            _("There is no key called {names}; keys are called: {known}. Nothing was written.").format(
                names=", ".join(strange), known=", ".join(sorted(known))
            )
        )
    if check:
        from minqing.config.env import all_keys

        used = {name: value for name, value in all_keys().items() if value}
        other = sorted(name for name in used.keys() | told.keys() if used.get(name) != told.get(name))
        if other:
            raise Unfit(_("Not as the keys in use: {names}.").format(names=", ".join(other)))
        echo(_("The paper holds the keys in use."))
        return
    lacking = [name for name in KEYS if name not in told and name not in OPTIONAL]
    if lacking:
        raise Unfit(_("Still lacking: {names}. Nothing was written.").format(names=", ".join(lacking)))
    for name, values in found.items():
        for value in values:
            check_key(name.removeprefix("old_").removesuffix("s"), value, name)
    make_own(target.parent)
    write_keys(target, told)
    echo(_("{file} holds the keys of the paper. See whether they fit: minqing keys check").format(file=target))
    if unread := sorted(known - {*told}):
        echo(
            _(
                "Not read, as not every county has them: {names}. If the paper has one, delete {file} and begin again."
            ).format(names=", ".join(unread), file=target)
        )


def refuse_what_is_there(target: Path) -> None:
    if target.exists():
        raise Unfit(_("{file} is there already. Name a file that is not.").format(file=target))


def typed() -> Iterator[str]:
    """Lines until an empty one, as a person or a hand scanner types them."""
    for line in sys.stdin:
        if not line.strip():
            return
        yield line
