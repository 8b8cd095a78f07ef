"""``minqing figures``: the kept counts of each day, made anew from the rows or compared with them."""

from __future__ import annotations

import time

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.words import _
from minqing.core.command import console

figures = typer.Typer(no_args_is_help=True, help=_("The kept counts behind the leader's page and the wall."))
app.add_typer(figures, name="figures")


@figures.command(
    help=_("Forget the counts of all days and make them from the rows; pages count the rows themselves meanwhile.")
)
def rebuild() -> None:
    ready()
    from minqing.matters.services import rebuild_days
    from minqing.org.queries import system_actor
    from minqing.visits.services import rebuild_visit_days

    begun = time.monotonic()
    days = rebuild_days(by=system_actor("matters.days")) + rebuild_visit_days(by=system_actor("visits.days"))
    console.print(
        _("{days} days counted in {seconds} s.").format(days=f"{days:,}", seconds=f"{time.monotonic() - begun:.0f}"),
        highlight=False,
    )


@figures.command(
    help=_("Compare what is kept with the rows. Exit code 1: days that differ, and which; rebuild mends them.")
)
def check() -> None:
    ready()
    from minqing.matters.services import wrong_days
    from minqing.org.queries import system_actor
    from minqing.visits.services import wrong_visit_days

    of_matters, of_visits = system_actor("matters.days"), system_actor("visits.days")
    wrong = sorted({*wrong_days(by=of_matters), *wrong_visit_days(by=of_visits)})
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
