"""One fault after another while everybody works, and what was there at the end."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from random import Random
from typing import Any

import psycopg

from minqing.config.trials.afterwards import doctor, looked_over, ran, until
from minqing.config.trials.breaking import FAULTS, StoppedBadly
from minqing.config.trials.county import County
from minqing.config.trials.disks import DISK, disk_full, nearly_full
from minqing.core.plays import Acts, Play

# within these seconds after a fault everything works by itself again
WITHIN = 10.0
GIVEN_UP = 120.0
# every job that runs at least once a minute has run again, and what waited is done
SETTLED_SECONDS = 180.0
# of the house itself; each play names those of its rooms
FREQUENT = frozenset({"config.pick_up_stalled"})

OF_DEAD = """
SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '20 seconds')
"""


@dataclass
class Found:
    """The figures of a trial; ``wrong`` is empty where all was as it must be."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        kinds = {
            name: {"count": len(all), "median_seconds": round(statistics.median(all), 1), "most": round(max(all), 1)}
            for name, all in sorted(self.seconds.items())
        }
        given = asdict(self)
        return {"schema": 1, **given, "faults": sum(self.faults.values()), "seconds": None, "kinds": kinds}


def run(
    *, county: County, module: str, seed: int, count: int, disk: bool, each: bool, say: Callable[[str], None]
) -> Found:
    """Apply ``count`` faults; the sequence follows ``seed`` alone. ``disk``: the folder lies on a disk to be filled.

    ``module`` has the ``PLAY`` of what goes on meanwhile. ``each``: jobs and doctor are asked after every fault, or
    once after the last, which is sooner done and does not tell which of them it was.
    """
    found, dice = Found(seed), Random(seed)  # noqa: S311  # a sequence to repeat, no secret
    faults = FAULTS | ({DISK: disk_full} if disk else {})
    play: Play = import_module(module).PLAY
    acts = play.begin()
    try:
        county.start()
        county.wait()
        told = prepare(county, module, acts.address)
        if disk:
            nearly_full(county.var)
        unwell = doctor(county)
        acts.start(told["given"], county.port)
        try:
            settle_in(acts)
            for number in range(count):
                name = dice.choice(sorted(faults))
                took = one(county, name, faults[name], dice, acts, found)
                if each or number == count - 1:
                    found.wrong += [f"{name}: {what}" for what in looked_over(county, told["kinds"], unwell)]
                say(f"{number + 1}/{count} {name}: {took:.1f} s")
        finally:
            acts.stop()
        county.wait()
        settle(county, play, acts, found)
        with county.database() as connection:
            found.figures, wrong = acts.compared(connection)
        found.wrong += wrong
        found.wrong += [f"doctor: {name}" for name in doctor(county) if name not in unwell]
        found.wrong += [f"stop: {one}" for one in county.stop()]
    finally:
        acts.close()
        county.clear()
    return found


def prepare(county: County, module: str, url: str) -> dict[str, Any]:
    """In a process of its own: this one opens no connection that a fault could break."""
    command = [sys.executable, "-m", "minqing.config.trials.setting", module, url]
    done = subprocess.run(command, env=county.environment, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def settle_in(acts: Acts) -> None:
    if not until(acts.begun, GIVEN_UP):
        raise RuntimeError("nothing could be done before anything was broken")


def one(
    county: County, name: str, fault: Callable[[County, Random], None], dice: Random, acts: Acts, found: Found
) -> float:
    found.faults[name] += 1
    try:
        fault(county, dice)
    except StoppedBadly as bad:
        found.wrong.append(f"{name}: {bad}")
        county.start()
    begun = time.monotonic()
    # of the database's clock, which is this machine's
    since = time.time()
    # for a moment what is left of before still answers
    time.sleep(0.3)
    waited = recover(county, acts, begun, since)
    took = time.monotonic() - begun
    told = ", ".join(f"{what} {seconds:.1f}" for what, seconds in sorted(waited.items(), key=lambda one: one[1]))
    if took > GIVEN_UP:
        found.wrong.append(f"{name}: not well after {GIVEN_UP:.0f} s ({told})")
    found.seconds.setdefault(name, []).append(took)
    if took > WITHIN:
        found.late.append(f"{name} {took:.1f} s ({told})")
    return took


def recover(county: County, acts: Acts, begun: float, since: float) -> dict[str, float]:
    """Wait until all is well; what was lacking, and for how many seconds."""
    waited: dict[str, float] = {}
    while (lacking := lacks(county, acts, begun, since)) and time.monotonic() < begun + GIVEN_UP:
        waited |= dict.fromkeys(lacking, time.monotonic() - begun)
        time.sleep(0.1)
    return waited


def lacks(county: County, acts: Acts, begun: float, since: float) -> list[str]:
    """Pages answer, somebody's report was taken since, two processes answer, and a worker has said that it lives."""
    found = ["pages"] if county.health() is None else []
    found += ["a report"] if acts.last < begun else []
    found += ["two web processes"] if len(county.web()[1]) < 2 else []
    try:
        with county.database() as connection:
            row = connection.execute(
                "SELECT max(extract(epoch FROM last_heartbeat)) FROM procrastinate_workers"
            ).fetchone()
    except psycopg.Error:
        return [*found, "the database"]
    lives = row is not None and row[0] is not None and float(row[0]) > since
    return found if lives else [*found, "the worker"]


def settle(county: County, play: Play, acts: Acts, found: Found) -> None:
    """Every frequent job has succeeded since now, no job hangs, and what was asked for is done."""
    since = time.time()

    def left() -> list[str]:
        with county.database() as connection:
            undone = [f"job {name}" for name in sorted((FREQUENT | play.frequent) - ran(connection, since))]
            row = connection.execute(OF_DEAD).fetchone()
            return undone + ([f"{row[0]} jobs of dead workers"] if row and row[0] else []) + acts.waiting(connection)

    if not until(lambda: not left(), SETTLED_SECONDS):
        found.wrong += [f"still waiting: {one}" for one in left()]
