"""Loads all the code once, makes web server and worker of itself, and makes them again when they die.

Run as ``python -m minqing.config.loader PORT PARENT``. Each of the two loaded the same code beside the other: on a busy
machine most of what a restart took, and all of what the death of one took. It has no thread and no connection to the
database, and does nothing but watch.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

from minqing.config.processes import name_process, stop_with_parent
from minqing.config.subprocesses import LOOK, SIGNALS, Child, stop_all

# seconds for the two to end: theirs, and what the kernel and a busy machine take
GRACE = 6


def command(port: int, parent: int = 0) -> list[str]:
    """How a process of its own becomes the loader; ``parent``: it stops when that process is gone."""
    return [sys.executable, "-m", "minqing.config.loader", str(port), str(parent)]


def load_pages() -> None:
    from minqing.config import webserver, wsgi  # noqa: F401

    keep_shared()


def load_jobs() -> None:
    from minqing.config import cli, preflight, worker  # noqa: F401
    from minqing.journal import notify_listener  # noqa: F401

    cli.commands()
    keep_shared()


def keep_shared() -> None:
    """What is there now is never looked at again by whoever is made of this: its pages of memory stay one."""
    gc.collect()
    gc.freeze()


def serve(port: int, parent: int) -> None:
    """In a child. ``parent``: as the loader knew itself; asked for here it may be whoever takes orphans."""
    from minqing.config import webserver

    webserver.main(str(port), parent=str(parent))


def work(parent: int) -> None:
    """As :func:`serve`."""
    from minqing.config import cli

    sys.argv = ["minqing", "worker", "--parent", str(parent)]
    cli.main()


class Loader:
    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = False

    def hear(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self.stop)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def add(self, name: str, work: Callable[[], None]) -> None:
        self.children.append(Child(name, [], work))
        self.mend()

    def mend(self) -> None:
        for child in self.children:
            if not self.stopping:
                child.mend()

    def watch(self) -> None:
        while not self.stopping:
            self.mend()
            time.sleep(LOOK)

    def end(self) -> None:
        stop_all(self.children, GRACE)


def main(port: str, parent: str = "0") -> None:
    stop_with_parent(int(parent))
    name_process("minqing-loader")
    load_pages()
    loader = Loader()
    loader.hear()
    try:
        # people wait for pages, and nobody for a job
        loader.add("web", partial(serve, int(port), os.getpid()))
        load_jobs()
        loader.add("worker", partial(work, os.getpid()))
        loader.watch()
    finally:
        loader.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
