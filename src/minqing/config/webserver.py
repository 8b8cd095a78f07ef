"""The web server: granian with two processes that answer, each started again however often it dies.

Run as ``python -m minqing.config.webserver PORT [APPLICATION] [PARENT]``. The application is loaded once, before the
processes that answer are made of this one: another is there in a moment, and what they all hold is held once.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from typing import Any

from granian._internal import load_target
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from minqing.config.processes import name_process, stop_with_parent

# seconds for requests and jobs under way when everything stops
GRACE = 4
WORKERS, THREADS = 2, 4
APPLICATION = "minqing.config.wsgi:application"
# seconds until the next look, and between two starts of one that dies at once
LOOK, LEAST_LIFE = 0.3, 2.0


class Server(MPServer):
    """Granian's own loop ends when a process dies soon after its start, and overlooks one that dies meanwhile."""

    def _serve_loop(self, spawn_target: object, target_loader: object) -> None:
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(LOOK)
            self.main_loop_interrupt.clear()
            now = time.monotonic()
            dead = [idx for idx, one in enumerate(self.wrks) if not one.is_alive() and now - one.birth > LEAST_LIFE]
            self.interrupt_children.clear()
            if dead and not self.interrupt_signal:
                self._respawn_workers(dead, spawn_target, target_loader)


def command(port: int, application: str = APPLICATION, parent: int = 0) -> list[str]:
    """How a process of its own becomes the web server; ``parent``: it stops when that process is gone."""
    return [sys.executable, "-m", "minqing.config.webserver", str(port), application, str(parent)]


def load(parent: int, target: str) -> Any:
    """In a process that answers: a web server that is killed cannot take it with it, and it would keep the port."""
    stop_with_parent(parent, signal.SIGKILL)
    return load_target(target)


def main(port: str, application: str = APPLICATION, parent: str = "0") -> None:
    stop_with_parent(int(parent))
    name_process("minqing-web")
    load_target(application)
    Server(
        application,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    ).serve(target_loader=partial(load, os.getpid()))


if __name__ == "__main__":
    main(*sys.argv[1:])
