"""``minqing machine …``: the program in an exchange machine, and its keys."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from minqing.core.command import console, echo, ready
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer(name="machine", no_args_is_help=True, help=_("Exchange machines: goods for points."))
FILE = Path("machine.toml")
File = Annotated[Path, typer.Option("--config", help=_("The machine's file: server, code and key."))]


def stop(sentence: object) -> NoReturn:
    console.print(f"[red]{sentence}[/]")
    raise typer.Exit(2)


@app.command(help=_("Be a machine: needs its own file and nothing else of this system. Goods are only played."))
def run(config: File = FILE) -> None:
    from minqing.machines.agent import running, settings

    try:
        read = settings.read(config)
    except settings.Unusable as error:
        stop(_("This file cannot be used: {why}").format(why=error))
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_told: over.set())
    console.print(_("The screen is at {address}").format(address=f"http://127.0.0.1:{read.port}/"))
    running.run(running.made(read), read, over=over, told=echo)


@app.command(help=_("In a made-up county: be its first machine, at once, with a key of its own."))
def play(
    server: Annotated[str, typer.Option(help=_("Where the machine finds this system: https://…"))] = "",
    config: File = FILE,
) -> None:
    ready()
    from minqing.journal.queries import last_change
    from minqing.machines.queries import first_machine

    # what ``up --demo`` says to its own processes alone is not known here; the record says who made the county up
    found = first_machine() if last_change("demo") else None
    if found is None:
        stop(_("There is no made-up county with a machine here."))
    key(found.code, server=server, config=config)
    run(config)


@app.command(help=_("Give a machine a new key and write the file that it needs. The former key opens nothing more."))
def key(
    code: Annotated[str, typer.Argument(help=_("The machine's code, as on its page."))],
    server: Annotated[str, typer.Option(help=_("Where the machine finds this system: https://…"))] = "",
    config: File = FILE,
) -> None:
    ready()
    from django.conf import settings as django_settings

    from minqing.machines.agent import settings
    from minqing.machines.queries import machine_by_code
    from minqing.machines.services import give_key
    from minqing.org.queries import system_actor

    found = machine_by_code(code) or stop(_("There is no machine {code}.").format(code=code))
    made = give_key(machine=found, by=system_actor("minqing machine"))
    settings.write(config, server=server or django_settings.ORIGIN, code=found.code, key=made)
    console.print(_("Written to {file}. Bring it to the machine by a safe way.").format(file=config))
