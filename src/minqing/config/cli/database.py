"""``minqing migrate`` and the steps that bring a database up to date."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.env import env
from minqing.config.locks import in_use
from minqing.config.processes import UP_LOCK, Unfit
from minqing.config.words import _
from minqing.core.command import House, console, in_the_county_s_language, serve_commands


@app.command(help=_("Bring the database up to date: tables, rights of the app's role, reference data."))
def migrate(
    force: Annotated[bool, typer.Option(help=_("Although something seems to be at work on another machine."))] = False,
) -> None:
    ready()
    bring_up_to_date(force=force)
    console.print(_("The database is up to date."))


def refuse_under_what_serves(*, ours: bool, force: bool) -> None:
    """Raise Unfit where tables are to be changed and a web server or worker is at work, here or elsewhere."""
    from minqing.config.running import refuse_while_serving

    if not migrations_to_run():
        return
    settings = env()
    if not ours and in_use(settings.var / UP_LOCK):
        # what serves would go on with the tables of its own version: an error for everybody until it is started anew
        raise Unfit(
            _(
                "Minqing is up with the data in {var}, and its tables would change under it. Stop it "
                "there with Ctrl-C, then run: minqing up"
            ).format(var=settings.var)
        )
    if not force:
        refuse_while_serving()


def migrations_to_run() -> int:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date(*, ours: bool = False, force: bool = False) -> None:
    """Migrate as the owner role, note whose database it is, load the reference data. Does nothing the second time.

    Raises Unfit instead of changing tables under what serves from them. ``ours``: the caller holds the lock of the
    folder, or has made the database itself; ``force``: what seems to be at work on another machine is not there.
    """
    from django.core.management import call_command
    from django.db import DatabaseError

    from minqing.config.preflight import note_what_fits
    from minqing.config.reference import load_reference
    from minqing.privacy.grants import apply_grants

    refuse_under_what_serves(ours=ours, force=force)
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    except BaseException:
        # it grants after the last migration alone: what was made before this one is there, and in use
        with contextlib.suppress(DatabaseError):
            apply_grants()
        raise
    note_what_fits()
    with in_the_county_s_language():
        load_reference()


# what the rooms' commands ask of the house before they begin
serve_commands(
    House(ready=lambda keys_fit, makes: ready(keys_fit=keys_fit, makes=makes), bring_up_to_date=bring_up_to_date)
)
