"""``minqing machine …``: the program in an exchange machine, and its keys."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from minqing.core.command import console, echo, ready
from minqing.core.language import sentences
from minqing.machines.agent import FILE

_ = sentences(__name__)

app = typer.Typer(name="machine", no_args_is_help=True, help=_("Exchange machines: goods for points."))
File = Annotated[Path, typer.Option("--config", help=_("The machine's file: server, code and key."))]


def stop(sentence: object) -> NoReturn:
    console.print(f"[red]{sentence}[/]")
    raise typer.Exit(2)


@app.command(help=_("Be a machine: needs its own file and nothing else of this system. Goods are only played."))
def run(
    config: File = FILE,
    quiet: Annotated[bool, typer.Option("--quiet", help=_("Do not say here what the screen shows."))] = False,
) -> None:
    from minqing.machines.agent import running, settings

    try:
        read = settings.read(config)
    except settings.Unusable as error:
        stop(_("This file cannot be used: {why}").format(why=error))
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_told: over.set())
    console.print(_("The screen is at {address}").format(address=f"http://127.0.0.1:{read.port}/"))
    running.run(running.made(read), read, over=over, told=(lambda _text: None) if quiet else echo)


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
    settings.write(
        config,
        server=server or django_settings.ORIGIN,
        code=found.code,
        key=made,
        broker=str(django_settings.NOTIFY["mqtt_url"]),
    )
    if django_settings.NOTIFY["mqtt_url"]:
        console.print(_("The broker lets it in once it has its list anew: minqing machine passwords"))
    console.print(_("Written to {file}. Bring it to the machine by a safe way.").format(file=config))


@app.command(help=_("Write the list of passwords for the broker (mosquitto): this system and each machine with a key."))
def passwords(
    file: Annotated[Path, typer.Argument(help=_("The file to write, for mosquitto's password_file."))],
) -> None:
    ready()
    from minqing.machines import carriers
    from minqing.machines.formats.mqtt import password_line, password_of
    from minqing.machines.queries import machines_with_key

    ours = carriers.broker() or stop(_("No broker is set up: set MINQING_MQTT_URL."))
    lines = [password_line(ours.user, ours.password)]
    lines += [password_line(one.code, password_of(one.secret, one.code)) for one in machines_with_key()]
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("".join(f"{line}\n" for line in lines))
    told = _("Written to {file}: {count} accounts. Put it where the broker reads it: systemctl reload mosquitto")
    console.print(told.format(file=file, count=len(lines)))


@app.command(
    help=_(
        "Compare a machine's own journal (journal.sqlite3 in its folder, or a copy of it) with what this system has; "
        "exit code 1 if something differs."
    )
)
def compare(
    code: Annotated[str, typer.Argument(help=_("The machine's code, as on its page."))],
    journal: Annotated[Path, typer.Argument(help=_("The file that was taken from the machine."))],
) -> None:
    from minqing.machines.agent.journal import NoJournal, read_lines

    try:
        lines = read_lines(journal)
    except NoJournal as error:
        stop(_("This is not the journal of a machine: {why}").format(why=error))
    ready()
    from minqing.machines.queries import machine_by_code
    from minqing.machines.queries.journals import differences, points_for
    from minqing.points.queries import balance_of

    found = machine_by_code(code) or stop(_("There is no machine {code}.").format(code=code))
    wrong = differences(found, lines)
    for one in wrong:
        there = one.there.label if one.there else _("nothing")
        here = one.here.label if one.here else _("nothing")
        echo(
            f"[red]✗[/] {one.vend}: "
            + _("the machine says “{there}”, here it is “{here}”").format(there=there, here=here)
        )
    should, has = points_for(found, lines), balance_of(found.account_id).posted
    if should != has:
        echo("[red]✗[/] " + _("For what dropped by its journal it should have {should} points, it has {has}.").format(
            should=should, has=has))  # fmt: skip
    if wrong or should != has:
        raise typer.Exit(1)
    echo(_("[green]✓[/] All {count} lines of its journal agree with what is here.").format(count=len(lines)))
