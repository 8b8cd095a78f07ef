"""What is done to the county: each fault takes a moment, and says nothing of itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from minqing.config import cluster
from minqing.config.trials.county import County
from minqing.config.trials.killing import (
    all_at_once,
    backend,
    loader,
    postmaster,
    web_process,
    web_processes,
    web_server,
    worker,
)

Fault = Callable[[County, Random], None]


def database_restarted(county: County, dice: Random) -> None:
    """Behind the supervisor's back."""
    with contextlib.suppress(Exception):
        cluster.stop(county.pgdata)
        cluster.start(county.pgdata)


def socket(county: County, dice: Random) -> None:
    """Tidied away, as a cleaner of temporary folders does."""
    if found := cluster.running(county.pgdata):
        (Path(found.folder) / f".s.PGSQL.{found.port}").unlink(missing_ok=True)


def supervisor(county: County, dice: Random) -> None:
    """Killed, and started again as a service manager does."""
    county.children()
    assert county.process is not None  # noqa: S101
    county.process.kill()
    county.process.wait()
    county.start()


def stopped(county: County, dice: Random) -> None:
    """In order, and started again: what is left running is a fault of the stop."""
    if wrong := county.stop():
        raise StoppedBadly("; ".join(wrong))
    county.start()


class StoppedBadly(Exception):
    """Stopping left something behind."""


FAULTS: dict[str, Fault] = {
    "web process": web_process,
    "web processes": web_processes,
    "web server": web_server,
    "worker": worker,
    "loader": loader,
    "postmaster": postmaster,
    "backend": backend,
    "database restarted": database_restarted,
    "socket": socket,
    "supervisor": supervisor,
    "all at once": all_at_once,
    "SIGTERM": stopped,
}
