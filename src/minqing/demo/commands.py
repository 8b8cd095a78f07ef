"""``minqing demo``: a made-up village, township or county; ``minqing demo replay``: real messages played through it."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from minqing.core.command import bring_up_to_date, console, in_the_county_s_language, ready, show
from minqing.core.language import sentences

if TYPE_CHECKING:
    from minqing.demo.board import Read

_ = sentences(__name__)

app = typer.Typer(name="demo", invoke_without_command=True)


@app.callback(
    help=_("Load made-up people, visits and matters into an empty database, to try things out or to measure.")
)
def load(
    context: typer.Context,
    scale: Annotated[str, typer.Option(help=_("village, township or county."))] = "village",
    seed: Annotated[int, typer.Option(help=_("Another seed makes other people."))] = 1,
) -> None:
    if context.invoked_subcommand:
        return
    ready(makes=True)
    from django.conf import settings

    from minqing.demo.scales import Scale
    from minqing.demo.services import Contents, contents, load_demo, sign_ins_table

    if scale not in set(Scale):
        raise typer.BadParameter(_("{scale}: choose one of {Scale}").format(scale=scale, Scale=", ".join(Scale)))
    found = contents()
    if found is not Contents.NOTHING:
        kinds = {Contents.DEMO: _("a demo already"), Contents.PART: _("a demo that was cut off")}
        what = kinds.get(found, _("data of its own"))
        console.print(_("[red]This database holds {what}; nothing was changed.[/]").format(what=what))
        console.print(
            _(
                "For another demo use an empty one: MINQING_VAR=var-{scale} minqing demo --scale {scale}\n"
                "(this one's data is in {what})"
            ).format(scale=scale, what=settings.VAR if settings.EMBEDDED else _("the database of DATABASE_URL")),
            highlight=False,
        )
        raise typer.Exit(1)
    bring_up_to_date()
    begun = time.monotonic()
    with in_the_county_s_language():
        size = load_demo(scale=Scale(scale), seed=seed, console=console)
    console.print(
        _("{households} households, {residents} residents, {visits} visits, {matters} matters in {seconds} s.").format(
            households=f"{size.households:,}",
            residents=f"{size.residents:,}",
            visits=f"{size.visits:,}",
            matters=f"{size.matters:,}",
            seconds=f"{time.monotonic() - begun:.0f}",
        )
    )
    show(sign_ins_table())


@app.command(
    "replay", help=_("Play real messages with their real replies through the demo's services, in simulated time.")
)
def replay_messages(
    folder: Annotated[
        Path, typer.Option("--data", envvar="MINQING_SHARED", help=_("Folder with data/messages, or a workbook."))
    ],
    limit: Annotated[int | None, typer.Option(min=1, help=_("Play only the first so many."))] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("Play from this day on."))] = None,
    reporters: Annotated[
        str,
        typer.Option(help=_("silent: nobody says how it went, as in the data; made-up: some do, marked as made up.")),
    ] = "silent",
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
) -> None:
    if reporters not in {"silent", "made-up"}:
        raise typer.BadParameter(_("--reporters is silent or made-up"))
    ready(makes=True)
    from minqing.demo.services import Contents, contents, ensure_demo

    read = read_file(folder, limit, since.date() if since else None)
    found = contents()
    if found not in {Contents.NOTHING, Contents.DEMO}:
        console.print(
            _("[red]Messages are played in a demo only, and this database holds none; nothing was changed.[/]")
        )
        console.print(_("For a demo use an empty one: MINQING_VAR=var-replay minqing demo replay"), highlight=False)
        raise typer.Exit(1)
    bring_up_to_date()
    if found is Contents.NOTHING:
        console.print(_("Nobody lives here yet: the made-up village is loaded first."))
        with in_the_county_s_language():
            ensure_demo(console=console)
    told = play(read, made_up=reporters == "made-up")
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        print_figures(told)


def read_file(folder: Path, limit: int | None, since: date | None) -> Read:
    """The messages; ends with a sentence where there is no file or it is no table of messages."""
    from minqing.core import clock
    from minqing.core.errors import SheetError
    from minqing.demo.board import FILE, read_board

    path = folder if folder.is_file() else folder / FILE
    if not path.is_file():
        console.print(
            _("[red]There are no messages to play: {path} is not there.[/]").format(path=escape(str(path))),
            highlight=False,
        )
        console.print(
            _("Say where they are: minqing demo replay --data FOLDER, or set MINQING_SHARED."), highlight=False
        )
        raise typer.Exit(1)
    try:
        read = read_board(path, now=clock.now(), limit=limit, since=since)
    except SheetError as error:
        console.print(f"[red]{escape(str(error.sentence))}[/]")
        raise typer.Exit(1) from None
    if not read.messages:
        console.print(
            _("[red]No message of {path} can be played: {dict}[/]").format(
                path=escape(str(path)), dict=dict(read.skipped)
            ),
            highlight=False,
        )
        raise typer.Exit(1)
    return read


def play(read: Read, *, made_up: bool) -> dict[str, object]:
    from minqing.core import clock
    from minqing.demo.services import replay, replay_figures
    from minqing.demo.services.replay import ACCEPTED, ASSIGNED
    from minqing.matters.enums import Move

    months: set[str] = set()

    def progress(day: date, moves: int) -> None:
        if (month := f"{day:%Y-%m}") not in months:
            months.add(month)
            console.print(_("{month}: {moves} moves").format(month=month, moves=f"{moves:,}"), highlight=False)

    begun = time.monotonic()
    with in_the_county_s_language():
        played = replay(read.messages, made_up=made_up, progress=progress)
    seconds = time.monotonic() - begun
    new = played.moves[Move.RECEIVE]
    hours = {"assigned": ASSIGNED.total_seconds() / 3600, "accepted": ACCEPTED.total_seconds() / 3600}
    return {
        "rows": read.rows,
        "new": new,
        "skipped": {why.value: number for why, number in (read.skipped + played.skipped).items()},
        **replay_figures(read.messages, now=clock.now()).as_json(),
        "moves": played.moves.total(),
        "nights": played.nights,
        "reporters": "made-up" if made_up else "silent",
        "assumed_working_hours": hours,
        "seconds": round(seconds, 1),
        "matters_per_second": round(new / seconds, 1) if new else 0.0,
    }


def print_figures(told: dict[str, object]) -> None:
    table = Table(_("Figure"), "", title=_("Real messages and replies, played in simulated time"), title_justify="left")
    for name, value in told.items():
        shown = ", ".join(f"{key} {n}" for key, n in value.items()) or "0" if isinstance(value, dict) else str(value)
        table.add_row(name.replace("_", " "), shown)
    show(table)
