"""``minqing``: the operator's one command line."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from minqing.config.processes import Unfit
from minqing.config.words import _

# as Unix has it: called or set up wrongly; 1 is for what a command found out
CANNOT_RUN = 2


class OneSentence(TyperGroup):
    """What can be foreseen to go wrong ends in one sentence on stderr and exit code 2, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Unfit as unfit:
            told = str(unfit)
        except Exception as error:
            sentence = sentence_of(error)
            if sentence is None:
                raise
            told = sentence
        typer.echo(told, err=True)
        raise typer.Exit(CANNOT_RUN)


def sentence_of(error: BaseException) -> str | None:
    """What the operator can do about a database that does not let us work; None for what nobody foresaw."""
    import psycopg
    from psycopg import errors

    found: BaseException | None = error
    while found is not None and not isinstance(found, psycopg.Error):
        found = found.__cause__
    if found is None:
        return None
    first = str(found).strip().partition("\n")[0]
    if isinstance(found, errors.LockNotAvailable | errors.QueryCanceled):
        return _(
            "Somebody else works on a table that has to be changed, so it was left alone. Run this at a quiet hour."
        )
    if isinstance(found, errors.InsufficientPrivilege):
        return _("The database refuses it ({first}). Run: minqing doctor").format(first=first)
    if isinstance(found, errors.UndefinedTable | errors.UndefinedColumn):
        return _("The tables are not those of this version ({first}). Run: minqing migrate").format(first=first)
    if isinstance(found, psycopg.OperationalError):
        return _(
            "The database does not answer ({first}). Check DATABASE_URL and OWNER_DATABASE_URL; run: minqing doctor"
        ).format(first=first)
    return None


app = typer.Typer(
    name="minqing",
    cls=OneSentence,
    help="Run Minqing 民情: the people's diary, household codes and matters of a county.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def commands() -> None:
    """Load them all."""
    from minqing.config.cli import (  # noqa: F401  # each registers its commands
        accounts,
        bench,
        database,
        demo,
        django,
        doctor,
        figures,
        imports,
        journal,
        keys,
        notify,
        partners,
        routes,
        sheets,
        trial,
        up,
    )


def main() -> None:
    """Entry point of the ``minqing`` script."""
    from minqing.config.at_work import name_connections

    commands()
    name_connections(next((one for one in sys.argv[1:] if one.isidentifier()), "command"))
    sys.exit(app())
