"""``minqing``: the operator's one command line."""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from minqing.config.processes import Unfit, close_to_others, name_connections
from minqing.config.rooms import ROOMS
from minqing.config.words import _
from minqing.core.language import reason_of
from minqing.core.version import own_version

# whose file it is, a disk that is full or only read
MACHINE: Final = frozenset({errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS})
# as Unix has it: called or set up wrongly; 1 is for what a command found out
CANNOT_RUN = 2


class OneSentence(TyperGroup):
    """What can be foreseen to go wrong ends in one sentence on stderr and exit code 2, not in a traceback."""

    def invoke(self, ctx: Any) -> object:
        words = frozenset([*ctx._protected_args, *ctx.args])
        try:
            return super().invoke(ctx)
        except Unfit as unfit:
            told = str(unfit)
        except Exception as error:
            sentence = of_a_named_file(error, words) or sentence_of(error)
            if sentence is None:
                raise
            told = sentence
        typer.echo(told, err=True)
        raise typer.Exit(CANNOT_RUN)


def of_a_named_file(error: BaseException, words: frozenset[str]) -> str | None:
    """Of a file that the operator named and that is not there, a folder, or not in UTF-8; None for our own files."""
    if isinstance(error, UnicodeDecodeError):
        return _("That file is not in UTF-8. Save it anew in that encoding.") if words else None
    if not isinstance(error, OSError) or error.filename is None or os.fspath(error.filename) not in words:
        return None
    return _("{file}: {what}.").format(file=error.filename, what=reason_of(error))


def sentence_of(error: BaseException) -> str | None:
    """What the operator can do about a database that does not let us work; None for what nobody foresaw."""
    import psycopg
    from psycopg import errors

    if isinstance(error, OSError) and error.errno in MACHINE:
        what = f"{error.filename}: {reason_of(error)}" if error.filename else reason_of(error)
        return _("This machine refuses it ({what}). Run: minqing doctor").format(what=what)
    from minqing.core.errors import DomainError

    if isinstance(error, DomainError):
        return str(error.sentence)
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
    if isinstance(found, errors.DiskFull):
        return _("The disk of the database is full ({first}). Free some space; nothing was lost.").format(first=first)
    if isinstance(found, errors.ReadOnlySqlTransaction):
        return _("The database only reads: it is a standby. Set DATABASE_URL to the one that writes.")
    if isinstance(found, errors.InsufficientPrivilege):
        return _("The database refuses it ({first}). Run: minqing doctor").format(first=first)
    if isinstance(found, errors.StringDataRightTruncation):
        return _("Something that was told is longer than its place ({first}). Say it shorter.").format(first=first)
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
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"minqing {own_version()}")
        raise typer.Exit


@app.callback(help=_("Run Minqing: the people's diary, household codes and matters of a county."))
def called(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=tell_version, help=_("Say which version this is.")),
    ] = False,
) -> None:
    """What may stand before any command."""


HOUSE: Final = (
    "backup",
    "bench",
    "database",
    "django",
    "doctor",
    "figures",
    "init",
    "keys",
    "status",
    "trial",
    "up",
)


@cache
def commands() -> None:
    """Load them all: those of the house, and each room's (``minqing.<room>.commands``, if it has any)."""
    for name in HOUSE:
        # each registers its commands
        import_module(f"minqing.config.cli.{name}")
    for module in with_modules("commands"):
        app.add_typer(import_module(module).app)
    headings()


def with_modules(name: str) -> list[str]:
    """The rooms' modules or packages of that name. No room is imported for it: some take longer than all commands."""
    folders = {room: list(spec.submodule_search_locations or ()) for room in ROOMS if (spec := find_spec(room))}
    paths = {room: Path(found[0]) for room, found in folders.items()}
    there = [room for room, path in paths.items() if (path / f"{name}.py").is_file() or (path / name).is_dir()]
    return [f"{room}.{name}" for room in there]


def headings() -> None:
    """Those above our help, which typer brings; its other words, as those of an error, stay English."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.ERRORS_PANEL_TITLE = _("Error")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.ENVVAR_STRING = _("[env var: {}]")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")


def main() -> None:
    """Entry point of the ``minqing`` script."""
    close_to_others()
    commands()
    name_connections(next((one for one in sys.argv[1:] if one.isidentifier()), "command"))
    sys.exit(app())
