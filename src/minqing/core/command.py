"""What a room's commands need: their words on the terminal, and the house made ready for them.

A room has its commands in a module ``commands`` with one ``app``, a :class:`typer.Typer`; the command line finds it by
its name (``config/cli``), and so its benches in a module ``benches``. Neither imports Django nor anything that does:
``minqing --help`` reads them. What a command works with it imports in its function, after :func:`ready`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

if TYPE_CHECKING:
    from psycopg import Connection

MOST_COLUMNS = 10_000
# Progress, hints and refusals go to stderr; what was asked for to stdout, by `show` and `tell`. Nothing is broken at 80
# columns, which is what a pipe is taken for: what is copied from a line must be whole.
console = Console(stderr=True, soft_wrap=True)


def show(table: Table) -> None:
    """A table on stdout, as wide as it needs: an id that was cut names nothing."""
    wide = Console(width=MOST_COLUMNS)
    Console(width=max(Measurement.get(wide, wide.options, table).maximum, 1)).print(table, crop=False)


def show_words(table: Table) -> None:
    """A table of sentences: as wide as the terminal, which breaks them between words; in a pipe as :func:`show`."""
    out = Console(highlight=False)
    if out.is_terminal:
        out.print(table)
    else:
        show(table)


def echo(line: object) -> None:
    """A line on stdout; the marks of rich are for terminals."""
    Console(soft_wrap=True, highlight=False).print(line)


class Workshop(Protocol):
    """Databases and a server of a bench's own, on the embedded server: nothing of the county is measured or changed.

    ``owner`` and ``app`` are the database's roles.
    """

    @property
    def owner(self) -> str: ...

    @property
    def app(self) -> str: ...

    def prepare(self) -> None:
        """Set Django up with the first database, brought to this version."""

    def exists(self, name: str) -> bool: ...

    def make(self, name: str, *, like: str = "") -> None:
        """An empty one, or a copy of another."""

    def drop(self, name: str) -> None: ...

    def connected(self, name: str) -> AbstractContextManager[Connection]:
        """A connection of the superuser."""

    def pgbench(self, name: str, *options: str) -> str:
        """What it prints; it comes with the server."""

    def served(self, name: str, application: str) -> AbstractContextManager[int]:
        """The web server as ``minqing up`` runs it, on a port of its own."""


@dataclass(frozen=True, slots=True)
class House:
    """What the command line does for the rooms' commands."""

    ready: Callable[[bool, bool, bool], None]
    bring_up_to_date: Callable[[], None]
    workshop: Callable[[str], Workshop]


_houses: list[House] = []


def serve_commands(house: House) -> None:
    """Said once, by the command line."""
    _houses[:] = [house]


def ready(*, keys_fit: bool = True, makes: bool = False, lends: bool = False) -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice.

    ``makes``: a new county is made where there is none. Ends with a sentence where there is none, or where this user,
    this software or (``keys_fit``) these keys are not those of the data. ``lends``: what is made there where no folder
    was named is gone with this process.
    """
    _houses[0].ready(keys_fit, makes, lends)


def bring_up_to_date() -> None:
    """Migrate and load the reference data; see ``minqing migrate``."""
    _houses[0].bring_up_to_date()


def workshop(name: str) -> Workshop:
    """For a bench, whose first database is called so."""
    return _houses[0].workshop(name)


@contextlib.contextmanager
def in_the_county_s_language() -> Iterator[None]:
    """For what is stored: it stays, whoever ran the command."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
