"""``minqing status`` and ``minqing stop``: what runs with the data of this folder, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Annotated, Final

import typer

from minqing.config import embedded
from minqing.config.cli import app
from minqing.config.env import Env, env
from minqing.config.locks import in_use
from minqing.config.places import refuse_empty_place
from minqing.config.processes import UP_LOCK, Unfit, check_folder
from minqing.config.words import _
from minqing.core.command import console, echo
from minqing.core.version import own_version

# web server and worker finish what they are at
LONGEST: Final = 60
# seconds within which what was started holds its lock; later nothing comes any more
STARTS: Final = 15


class Question(StrEnum):
    """Whether it lives, and whether people can work (docs/operations.md, "Monitoring")."""

    HEALTHZ = "healthz"
    READYZ = "readyz"


@app.command(help=_("Say what runs with the data of this folder. Exit code 1: Minqing does not serve."))
def status(
    ask: Annotated[
        Question | None, typer.Option(help=_("Ask it this too. Exit code 1: it does not answer, or not with 200."))
    ] = None,
    wait: Annotated[int, typer.Option(min=0, help=_("Seconds in which it may still come up."))] = 0,
    port: Annotated[int | None, typer.Option(help=_("Port on 127.0.0.1; else PORT, or 8000."))] = None,
) -> None:
    settings = here()
    answered = asked(ask, port or settings.port, settings.var / UP_LOCK, wait) if ask else ""
    serving = in_use(settings.var / UP_LOCK)
    up = _("serving (process {number})").format(number=serving_process(settings.var)) if serving else _("not serving")
    echo(_("Minqing {version}: {what}").format(version=own_version(), what=up))
    echo(_("Data: {var}").format(var=settings.var))
    if settings.embedded:
        running = embedded.running(settings.pgdata) is not None
        echo(_("Database: {what}").format(what=_("running") if running else _("not running")))
    if answered:
        echo(answered)
    if not serving or (ask and not answered):
        raise typer.Exit(1)


def asked(question: Question, port: int, lock: Path, wait: int) -> str:
    """What it answers with 200; empty where it does not in time, or nothing serves that could."""
    begun = time.monotonic()
    while True:
        told = answer(question, port)
        waited = time.monotonic() - begun
        if told or waited >= wait or (waited > STARTS and not in_use(lock)):
            return told
        time.sleep(0.5)


def answer(question: Question, port: int) -> str:
    """By ``http.client``, which asks no proxy of the environment; what it says else goes to stderr."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", f"/{question.value}")
        found = connection.getresponse()
        told = found.read().decode().strip()
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()
    if found.status != HTTPStatus.OK:
        console.print(told, highlight=False)
        return ""
    return told


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
