"""What every command needs first: the database server up, Django ready, and keys and software that fit the data."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from minqing.config import cluster, embedded
from minqing.config.database import go_direct
from minqing.config.env import env
from minqing.config.joining import joined
from minqing.config.places import refuse_empty_place, refuse_lost_county
from minqing.config.processes import REFUSED, UP_LOCK, Busy, Unfit, check_folder
from minqing.config.words import language


def ready(*, keys_fit: bool = True, makes: bool = False, stays: bool = False, lends: bool = False) -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice.

    ``makes``: a new county is made where there is none. ``stays``: the server goes on after this process; else who is
    last to need it stops what a command has started. ``lends``: see :func:`lend_folder`. Raises Unfit with a sentence
    where there is no county, or where this user, this software or (``keys_fit``) these keys are not those of the data.
    """
    if lends:
        lend_folder()
    settings = env()
    check_folder(settings.var)
    if settings.embedded:
        (refuse_lost_county if makes else refuse_empty_place)(settings)
        socket = joined(settings.pgdata, settings.var / UP_LOCK, stays=stays)
        embedded.ensure_database(socket, settings.minqing_db_name)
    start_django()
    go_direct()
    from minqing.config.preflight import check_keys, check_release

    check_release()
    if keys_fit:
        check_keys()


def lend_folder() -> None:
    """Of what only measures: where no county is and no folder was named it works in one that is gone with this process.

    In whatever folder somebody stands, nothing is left behind.
    """
    settings = env()
    if not settings.embedded or os.environ.get("MINQING_VAR") or (settings.pgdata / "PG_VERSION").exists():
        return
    folder = Path(tempfile.mkdtemp(prefix="minqing-bench-"))
    # as `make_own` makes one
    folder.chmod(0o700 if os.geteuid() else 0o711)
    os.environ["MINQING_VAR"] = str(folder)
    env.cache_clear()
    # the first to be told is the last to be done: by then nothing works there
    atexit.register(take_back, folder, os.getpid())


def take_back(folder: Path, process: int) -> None:
    if os.getpid() == process:
        with contextlib.suppress(Unfit, OSError):
            embedded.stop(folder / "pg")
        cluster.drop_socket_folder(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Around what a service manager starts: a refusal that only a person ends leaves with an exit code of its own.

    Tried again every few seconds it would fill the log and hold the folder's lock, which the mending needs.
    """
    try:
        yield
    except Busy:
        raise
    except Unfit as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(REFUSED) from None


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django

    django.setup()
    from django.utils import translation

    # sentences of the rooms, as those of the commands
    translation.activate(language())
