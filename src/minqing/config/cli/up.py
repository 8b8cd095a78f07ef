"""``minqing up``: web, background worker and embedded database as one, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket as sockets
import time
from types import FrameType
from typing import Annotated

import typer

from minqing.config import embedded
from minqing.config.cli import app
from minqing.config.cli.base import ready, refusing
from minqing.config.cli.database import UNSAFE, bring_up_to_date
from minqing.config.env import Env, env
from minqing.config.locks import InUse, held
from minqing.config.log_lines import SETTING
from minqing.config.pools import refuse_pool
from minqing.config.processes import UP_LOCK, Busy, Unfit, check_folder, name_process, stop_with_parent
from minqing.config.static_files import collect_static
from minqing.config.supervisor import Plan, become
from minqing.config.webserver import GRACE
from minqing.config.words import _
from minqing.core.command import console, in_the_county_s_language

# what an earlier run that was killed needs to go away
LEFTOVER_SECONDS = 12
MOST_PORT = 65_535


@app.command(help=_("Serve Minqing here: database, background worker and web pages, until Ctrl-C."))
def up(
    demo: Annotated[
        bool, typer.Option("--demo", help=_("Load the made-up demo village if there is nothing yet."))
    ] = False,
    port: Annotated[int | None, typer.Option(help=_("Port on 127.0.0.1; else PORT, or 8000."))] = None,
    although_unsafe: Annotated[bool, UNSAFE] = False,
) -> None:
    with refusing():
        run(demo=demo, port=port, careful=not although_unsafe)


def run(*, demo: bool, port: int | None, careful: bool) -> None:
    if port is not None:
        # for what it starts, too
        os.environ["PORT"] = str(port)
        env.cache_clear()
    settings = env()
    # before a lock is made there: as root it would lock its owner out
    check_folder(settings.var)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        with held(settings.var / UP_LOCK) as lock:
            wait_for_port(settings.port, LEFTOVER_SECONDS if lock.killed_before else 0)
            try:
                serve(settings, lock.file, demo=demo, careful=careful)
            finally:
                # only where it did not come to serving
                if settings.embedded:
                    embedded.stop(settings.pgdata)
                console.print(_("Stopped."))
    except InUse:
        # the one before may be at its end, and then nothing would serve
        raise Busy(
            _("Minqing is up already with the data in {var}. Stop it with: minqing stop").format(var=settings.var)
        ) from None
    except KeyboardInterrupt:
        # while preparing; nothing was served yet
        raise typer.Exit(0) from None


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def wait_for_port(port: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while port_in_use(port):
        if time.monotonic() >= until:
            console.print(
                _("[red]Port {port} is in use.[/] Stop what uses it, or choose another: PORT={other}").format(
                    port=port, other=free_port_from(port + 1)
                )
            )
            raise typer.Exit(1)
        time.sleep(0.2)


def free_port_from(first: int) -> int:
    """The next one that nobody uses."""
    return next((port for port in range(first, MOST_PORT + 1) if not port_in_use(port)), first)


def port_in_use(port: int) -> bool:
    """Raises Unfit where nobody but root may use it, whether or not somebody does."""
    with sockets.socket() as probe:
        probe.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Unfit(
                _(
                    "Only root may serve on port {port}. Choose one from 1024 on, such as PORT={other}, and put nginx "
                    "in front of it (deploy/nginx.conf)."
                ).format(port=port, other=free_port_from(8000))
            ) from None
        except OSError:
            return True
    return False


def serve(settings: Env, lock: int, *, demo: bool, careful: bool) -> None:
    """Prepare everything, then go on as the supervisor: this does not return."""
    with console.status(_("Preparing the database …")):
        ready(makes=True, stays=True)
        bring_up_to_date(ours=True, careful=careful)
    made_up = prepare_demo(wanted=demo)
    # for the pages: whether to say that everything is made up
    os.environ["MINQING_DEMO"] = "true" if made_up else "false"
    # it may stand in minqing.env, which what only watches does not read
    os.environ[SETTING] = settings.minqing_log
    with console.status(_("Preparing pages …")):
        collect_static(settings.var / "static")
    # preparing takes a while, and granian would share the port with whoever came first: two counties answering by turns
    wait_for_port(settings.port, 0)
    pgdata = str(settings.pgdata) if settings.embedded else ""
    told = greeting() if made_up else ""
    become(Plan(settings.port, str(settings.var), pgdata, lock, told, beside(settings) if made_up else {}))


def beside(settings: Env) -> dict[str, list[str]]:
    """What a made-up county has at work that is no part of this system, in a folder of its own."""
    from minqing.config.rooms import sample

    return dict(sample().beside(settings.var / "beside", f"http://127.0.0.1:{settings.port}"))


def greeting() -> str:
    """The table of the demo's sign-ins, as this terminal shows it."""
    from minqing.config.rooms import sample

    with console.capture() as shown:
        console.print(sample().greeting())
    return shown.get().rstrip()


def prepare_demo(*, wanted: bool) -> bool:
    """Whether the database holds a demo; one is loaded into an empty one if wanted."""
    from minqing.config.rooms import sample

    if not wanted:
        return sample().here()
    with in_the_county_s_language():
        return sample().ensure(console=console)


@app.command(help=_("Run the background worker alone (``up`` starts it for you)."))
def worker(
    parent: Annotated[int, typer.Option(hidden=True, help=_("Stop when this process is gone."))] = 0,
) -> None:
    with refusing():
        work(parent)


def work(parent: int) -> None:
    from django.utils import translation

    stop_with_parent(parent)
    name_process("minqing-worker")
    ready(stays=True)
    refuse_pool("default")
    # its words are for people and the journal, not for whoever started it
    translation.deactivate()
    from minqing.config.logs import guard_services
    from minqing.config.worker import run
    from minqing.journal.notify_listener import follow_in_background

    guard_services()
    follow_in_background()
    settings = env()
    # of your own database the folder tells nothing: it may be another one than last time
    run(grace=GRACE, card=settings.var / "worker.card" if settings.embedded else None)
