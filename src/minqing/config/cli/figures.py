"""``minqing figures``: the kept counts of each day, made anew from the rows or compared with them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.words import _
from minqing.core.command import console

if TYPE_CHECKING:
    from minqing.core.room import Counts

figures = typer.Typer(no_args_is_help=True, help=_("The kept counts behind the leader's page and the wall."))
app.add_typer(figures, name="figures")


@figures.command(
    help=_("Forget the counts of all days and make them from the rows; pages count the rows themselves meanwhile.")
)
def rebuild() -> None:
    ready()
    from minqing.org.queries import system_actor

    begun = time.monotonic()
    days = sum(one.rebuild(by=system_actor(one.name)) for one in counts())
    console.print(
        _("{days} days counted in {seconds} s.").format(days=f"{days:,}", seconds=f"{time.monotonic() - begun:.0f}"),
        highlight=False,
    )


@figures.command(
    help=_("Compare what is kept with the rows. Exit code 1: days that differ, and which; rebuild mends them.")
)
def check() -> None:
    ready()
    from minqing.org.queries import system_actor

    wrong = sorted({day for one in counts() for day in one.wrong(by=system_actor(one.name))})
    if not wrong:
        console.print(_("Every kept count is the number of its rows."))
        return
    console.print(
        _("[red]{wrong} days differ from their rows:[/] {map}").format(
            wrong=len(wrong), map=", ".join(map(str, wrong[:20]))
        )
    )
    console.print("minqing figures rebuild")
    raise typer.Exit(1)


def counts() -> list[Counts]:
    """Those of all rooms."""
    from minqing.config.rooms import rooms

    return [one for room in rooms() for one in room.counts]
