"""django-hordak beside ours: the double-entry ledger that a Django project would take from PyPI.

It is called as its documentation has it, ``Account.transfer_to``, by as many processes as there are clients of ours.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import IO, Final

from minqing.core.command import Workshop, console
from minqing.core.language import sentences

_ = sentences(__name__)

DATABASE: Final = "minqing_bench_hordak"
CLIENT: Final = "minqing.points.benches.hordak_client"


def is_there() -> bool:
    """It is in no lock of a county: ``make .venv/bench`` brings it."""
    if find_spec("hordak"):
        return True
    console.print(_("django-hordak is not installed and so not measured: make .venv/bench"), highlight=False)
    return False


class Beside:
    """Its database with as many accounts as ours, and its clients."""

    def __init__(self, shop: Workshop, clients: int) -> None:
        shop.drop(DATABASE)
        shop.make(DATABASE)
        with shop.connected(DATABASE) as connection:
            self.where = [connection.info.host, str(connection.info.port), shop.owner, DATABASE]
        self.clients = clients
        subprocess.run(self.command("lay-out"), check=True)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", CLIENT, *self.where, *words]

    def per_second(self, seconds: int) -> float:
        """Transfers of all clients together, begun once all of them are ready."""
        command = self.command("run", str(seconds))
        running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _client in range(self.clients)
        ]
        try:
            for one in running:
                pipe(one.stdout).readline()
            for one in running:
                pipe(one.stdin).write("go\n")
                pipe(one.stdin).flush()
            done = sum(int(pipe(one.stdout).readline()) for one in running)
        finally:
            for one in running:
                one.terminate()
                one.communicate()
        return done / seconds


def pipe(end: IO[str] | None) -> IO[str]:
    if end is None:
        raise ValueError("no pipe")
    return end
