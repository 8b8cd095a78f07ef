"""The county that a room's own fault run breaks: real processes, and a real database."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg

from minqing.config.cluster import alive
from minqing.config.trials import killing
from minqing.config.trials.county import County
from minqing.core.plays import FaultRun, Outcome, Runs

KILLS = {
    "web process": killing.web_process,
    "web processes": killing.web_processes,
    "web server": killing.web_server,
    "worker": killing.worker,
    "loader": killing.loader,
    "postmaster": killing.postmaster,
    "backend": killing.backend,
    "all at once": killing.all_at_once,
}
WELL_SECONDS = 120.0
INSIDE_SECONDS = 600.0


@dataclass
class Battered:
    """A :class:`minqing.core.plays.Ground`."""

    county: County
    say: Callable[[str], None]

    @property
    def port(self) -> int:
        return self.county.port

    @property
    def folder(self) -> Path:
        return self.county.var / "run"

    @property
    def kinds(self) -> Sequence[str]:
        return sorted(KILLS)

    def kill(self, kind: str, dice: Random) -> None:
        KILLS[kind](self.county, dice)

    def until_well(self) -> bool:
        end = time.monotonic() + WELL_SECONDS
        while time.monotonic() < end:
            # for a moment what is left of before still answers
            time.sleep(0.3)
            if (
                self.county.health() is not None
                and len(self.county.web()[1]) == 2
                and self.county.named("minqing-worker")
            ):
                return True
        return False

    def inside(self, function: str, given: object) -> Any:
        command = [sys.executable, "-m", "minqing.config.trials.inside", function]
        told = json.dumps(given)
        done = subprocess.run(
            command, env=self.county.environment, input=told, capture_output=True, text=True, check=False,
            timeout=INSIDE_SECONDS,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def agent(self, *words: str) -> Iterator[int]:
        process = subprocess.Popen(
            [sys.executable, "-m", "minqing", *words],
            env=self.county.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.county.seen.add(psutil.Process(process.pid))
        try:
            yield process.pid
        finally:
            process.kill()
            process.wait()

    def command(self, *words: str) -> tuple[int, str]:
        done = self.county.run(*words)
        return done.returncode, done.stdout + done.stderr

    def database(self) -> contextlib.AbstractContextManager[psycopg.Connection]:
        return self.county.database()


def battered(
    county: County, run: FaultRun, *, seed: int, faults: int, minutes: float, say: Callable[[str], None]
) -> Outcome:
    """Start the county, let the room's run break it, and stop it again, with nothing left running."""
    module, _colon, function = run.run.partition(":")
    goes: Runs = getattr(import_module(module), function)
    ground = Battered(county, say)
    try:
        county.start()
        county.wait()
        ground.folder.mkdir()
        found = goes(ground, seed=seed, faults=faults, minutes=minutes)
        found.wrong += [f"stop: {one}" for one in county.stop()]
    finally:
        left = [one for one in county.seen if alive(one)]
        county.clear()
    return found if not left else Outcome(found.faults, found.figures, [*found.wrong, f"left running: {len(left)}"])
