"""``minqing status`` and ``minqing stop``: what runs with the data of this folder, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Final

import typer

from minqing.config import embedded
from minqing.config.cli import app
from minqing.config.env import Env, env
from minqing.config.locks import in_use
from minqing.config.places import refuse_empty_place
from minqing.config.processes import UP_LOCK, Unfit, check_folder
from minqing.config.words import _
from minqing.core.command import echo
from minqing.core.version import own_version

# web server and worker finish what they are at
LONGEST: Final = 60


@app.command(help=_("Say what runs with the data of this folder. Exit code 1: Minqing does not serve."))
def status() -> None:
    settings = here()
    serving = in_use(settings.var / UP_LOCK)
    up = _("serving (process {number})").format(number=serving_process(settings.var)) if serving else _("not serving")
    echo(_("Minqing {version}: {what}").format(version=own_version(), what=up))
    echo(_("Data: {var}").format(var=settings.var))
    if settings.embedded:
        running = embedded.running(settings.pgdata) is not None
        echo(_("Database: {what}").format(what=_("running") if running else _("not running")))
    if not serving:
        raise typer.Exit(1)


@app.command(help=_("Stop what runs with the data of this folder: web server, worker and embedded database."))
def stop() -> None:
    settings = here()
    lock, ran = settings.var / UP_LOCK, False
    if in_use(lock):
        ran = True
        end(lock)
    if settings.embedded and embedded.running(settings.pgdata) is not None:
        ran = True
        embedded.stop(settings.pgdata)
    echo(_("Stopped.") if ran else _("Nothing ran with the data in {var}.").format(var=settings.var))


def here() -> Env:
    settings = env()
    check_folder(settings.var)
    if settings.embedded:
        refuse_empty_place(settings)
    return settings


def serving_process(var: Path) -> int:
    """The number in the lock; 0 in the moment before it is written."""
    try:
        return int((var / UP_LOCK).read_text() or 0)
    except (OSError, ValueError):
        return 0


def end(lock: Path) -> None:
    """Tell it to stop, as a service manager does, and wait until it has."""
    until, told = time.monotonic() + LONGEST, 0
    while in_use(lock):
        if time.monotonic() > until:
            raise Unfit(_("Process {number} does not stop. Look at what it says.").format(number=told))
        number = serving_process(lock.parent)
        if number and number != told:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
            told = number
        time.sleep(0.1)
