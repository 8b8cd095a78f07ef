"""``minqing migrate`` and the steps that bring a database up to date."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Annotated

import typer

from minqing.config.cli import app
from minqing.config.cli.base import ready
from minqing.config.env import env
from minqing.config.locks import in_use
from minqing.config.processes import UP_LOCK, Busy, Unfit
from minqing.config.words import _
from minqing.core.command import House, Workshop, console, echo, in_the_county_s_language, serve_commands

UNSAFE = typer.Option("--although-unsafe", help=_("Although there is little room on the disk, or no fresh backup."))
# for a lock that somebody takes in the middle: each migration waits two seconds itself
TRIES = 3


@app.command(help=_("Bring the database up to date: tables, rights of the app's role, reference data."))
def migrate(
    force: Annotated[bool, typer.Option(help=_("Although something seems to be at work on another machine."))] = False,
    check: Annotated[
        bool, typer.Option("--check", help=_("Only say whether there are migrations to run; exit code 1 if so."))
    ] = False,
    although_unsafe: Annotated[bool, UNSAFE] = False,
) -> None:
    ready()
    if check:
        from minqing.config.upgrade_checks import migrations_to_run

        lacking = migrations_to_run()
        echo(_("{lacking} migrations to run").format(lacking=lacking))
        raise typer.Exit(int(lacking > 0))
    bring_up_to_date(force=force, careful=not although_unsafe)
    console.print(_("The database is up to date."))


@app.command(
    help=_("Look whether the tables can be changed now (version, disk, backup, what is at work), and change them.")
)
def upgrade(
    check: Annotated[bool, typer.Option("--check", help=_("Only look; nothing is changed."))] = False,
    although_unsafe: Annotated[bool, UNSAFE] = False,
) -> None:
    ready()
    from minqing.config.cli.doctor import tell_findings
    from minqing.config.upgrade_checks import RISKS, migrations_to_run, upgrade_findings

    findings = upgrade_findings(migrations_to_run())
    tell_findings(findings)
    if not all(one.well or (although_unsafe and one.name in RISKS) for one in findings):
        echo(_("Nothing was changed."))
        raise typer.Exit(1)
    if not check:
        bring_up_to_date()
        echo(_("The database is up to date."))


def refuse_under_what_serves(*, ours: bool, force: bool) -> None:
    """Raise Unfit where tables are to be changed and a web server or worker is at work, here or elsewhere."""
    from minqing.config.running import refuse_while_serving
    from minqing.config.upgrade_checks import migrations_to_run

    if not migrations_to_run():
        return
    settings = env()
    if not ours and in_use(settings.var / UP_LOCK):
        # what serves would go on with the tables of its own version: an error for everybody until it is started anew
        raise Unfit(
            _(
                "Minqing is up with the data in {var}, and its tables would change under it. Run: "
                "minqing stop, then: minqing up"
            ).format(var=settings.var)
        )
    if not force:
        refuse_while_serving()


def run_migrations() -> None:
    """All of them, or a stop at one that is named: those before it stay, and the next try goes on with it."""
    from django.core.management import call_command
    from django.db import OperationalError
    from psycopg.errors import LockNotAvailable

    from minqing.config.upgrade_checks import names_to_run

    first = names_to_run()
    for tries_left in reversed(range(TRIES)):
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            if not tries_left:
                raise stopped_at(names_to_run(), len(first)) from error
        else:
            return


def stopped_at(left: list[str], all_of_them: int) -> Unfit:
    return Busy(
        _(
            "Stopped before migration {name}: somebody else works on a table that it changes. {done} of {all} are made "
            "and stay. Run this again at a quiet hour: it goes on there."
        ).format(name=left[0], done=all_of_them - len(left), all=all_of_them)
    )


def bring_up_to_date(*, ours: bool = False, force: bool = False, careful: bool = False) -> None:
    """Migrate as the owner role, note whose database it is, load the reference data. Does nothing the second time.

    Raises Unfit instead of changing tables under what serves from them. ``ours``: the caller holds the lock of the
    folder, or has made the database itself; ``force``: what seems to be at work on another machine is not there;
    ``careful``: nor without room and a fresh backup.
    """
    from django.db import DatabaseError

    from minqing.config.pools import refuse_pool
    from minqing.config.preflight import note_what_fits
    from minqing.config.reference import load_reference
    from minqing.config.upgrade_checks import migrations_to_run, refuse_held_tables, refuse_unprepared
    from minqing.privacy.grants import apply_grants

    refuse_pool("owner")
    refuse_under_what_serves(ours=ours, force=force)
    if migrations_to_run():
        if careful:
            refuse_unprepared()
        refuse_held_tables()
    try:
        run_migrations()
    except BaseException:
        # it grants after the last migration alone: what was made before this one is there, and in use
        with contextlib.suppress(DatabaseError):
            apply_grants()
        raise
    note_what_fits()
    with in_the_county_s_language():
        load_reference()


# what the rooms' commands ask of the house before they begin
def opened_workshop(name: str) -> Workshop:
    from minqing.config.cli.workshop import open_workshop

    return open_workshop(name, bring_up_to_date=partial(bring_up_to_date, ours=True))


serve_commands(
    House(
        ready=lambda keys_fit, makes, lends: ready(keys_fit=keys_fit, makes=makes, lends=lends),
        bring_up_to_date=bring_up_to_date,
        workshop=opened_workshop,
    )
)
