"""What is done to the county: each fault takes a moment, and says nothing of itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import psutil

from minqing.config import cluster
from minqing.config.trials.county import County, alive

Fault = Callable[[County, Random], None]
# how long the disk stays full, and how much is free on it otherwise
FULL_SECONDS = 3.0
FREE_MEGABYTES = 250
DISK = "disk full"


def kill(processes: list[psutil.Process]) -> None:
    for one in processes:
        with contextlib.suppress(psutil.Error):
            one.kill()


def web_process(county: County, dice: Random) -> None:
    answering = county.web()[1]
    kill([dice.choice(answering)] if answering else [])


def web_processes(county: County, dice: Random) -> None:
    """Both, and what is started instead at once."""
    kill(county.web()[1])
    time.sleep(dice.uniform(0.2, 1.5))
    kill(county.web()[1])


def web_server(county: County, dice: Random) -> None:
    kill(county.web()[0])


def worker(county: County, dice: Random) -> None:
    kill(county.named("worker"))


def postmaster(county: County, dice: Random) -> None:
    kill([one] if (one := county.postmaster()) else [])


def backend(county: County, dice: Random) -> None:
    found = county.postmaster()
    backends = [one for one in found.children() if alive(one)] if found else []
    kill([dice.choice(backends)] if backends else [])


def database_restarted(county: County, dice: Random) -> None:
    """Behind the supervisor's back."""
    with contextlib.suppress(Exception):
        cluster.stop(county.pgdata)
        cluster.start(county.pgdata)


def supervisor(county: County, dice: Random) -> None:
    """Killed, and started again as a service manager does."""
    county.children()
    assert county.process is not None  # noqa: S101
    county.process.kill()
    county.process.wait()
    county.start()


def all_at_once(county: County, dice: Random) -> None:
    kill([*county.children(), *([one] if (one := county.postmaster()) else [])])


def disk_full(county: County, dice: Random) -> None:
    ballast = county.var / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"\0" * (1 << 20))
            file.flush()
    time.sleep(FULL_SECONDS)
    ballast.unlink(missing_ok=True)


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
    "postmaster": postmaster,
    "backend": backend,
    "database restarted": database_restarted,
    "supervisor": supervisor,
    "all at once": all_at_once,
    "SIGTERM": stopped,
}


def small_disk(folder: Path) -> bool:
    """Mount a disk of its own on the empty ``folder``; False where that may not be done."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    words = ["mount", "-t", "tmpfs", "-o", "size=2g,mode=755", "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def nearly_full(folder: Path) -> None:
    """Leave little on it, so that filling it takes a moment."""
    size = shutil.disk_usage(folder).used // 2**20 + FREE_MEGABYTES
    subprocess.run(["mount", "-o", f"remount,size={size}m", str(folder)], capture_output=True, check=False)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
