"""What every command needs first: the database server up, Django ready, and keys and software that fit the data."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from minqing.config import embedded
from minqing.config.env import env
from minqing.config.processes import check_folder
from minqing.config.words import language

MOST_COLUMNS = 10_000
# Progress, hints and refusals go to stderr; what was asked for to stdout, by `show` and `tell`. Nothing is broken at 80
# columns, which is what a pipe is taken for: what is copied from a line must be whole.
console = Console(stderr=True, soft_wrap=True)


def show(table: Table) -> None:
    """A table on stdout, as wide as it needs: an id that was cut names nothing."""
    wide = Console(width=MOST_COLUMNS)
    Console(width=max(Measurement.get(wide, wide.options, table).maximum, 1)).print(table, crop=False)


def tell(line: object) -> None:
    """A line on stdout; the marks of rich are for terminals."""
    Console(soft_wrap=True, highlight=False).print(line)


def ready(*, keys_fit: bool = True) -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice.

    Raises Unfit with a sentence where this user, this software or (``keys_fit``) these keys are not those of the data.
    """
    settings = env()
    check_folder(settings.var)
    if settings.embedded:
        socket = embedded.start(settings.pgdata)
        embedded.ensure_database(socket, settings.minqing_db_name)
    start_django()
    from minqing.config.fitting import check_keys, check_release

    check_release()
    if keys_fit:
        check_keys()


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django

    django.setup()
    from django.utils import translation

    # sentences of the rooms, as those of the commands
    translation.activate(language())


@contextlib.contextmanager
def in_the_county_s_language() -> Iterator[None]:
    """For what is stored: it stays, whoever ran the command."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
