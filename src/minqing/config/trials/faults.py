"""One fault after another while everybody works, and what was there at the end."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

import psycopg

from minqing.config.trials.afterwards import doctor, looked_over, ran, until
from minqing.config.trials.breaking import FAULTS, StoppedBadly
from minqing.config.trials.county import County
from minqing.config.trials.disks import DISK, disk_full, nearly_full
from minqing.config.trials.loads import Book, Loads, Partner, Setting

# within these seconds after a fault everything works by itself again
WITHIN = 10.0
GIVEN_UP = 120.0
# every job that runs at least once a minute has run again, and what waited is done
SETTLED_SECONDS = 180.0
FREQUENT = frozenset(
    {
        "config.pick_up_stalled",
        "journal.deliver",
        "journal.seal",
        "notify.deliver",
        "partners.send",
        "partners.take_over",
    }
)


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


def run(*, county: County, seed: int, count: int, disk: bool, each: bool, say: Callable[[str], None]) -> Found:
    """Apply ``count`` faults; the sequence follows ``seed`` alone. ``disk``: the folder lies on a disk to be filled.

    ``each``: jobs and doctor are asked after every fault, or once after the last, which is sooner done and does not
    tell which of them it was.
    """
    found, dice = Found(seed), Random(seed)  # noqa: S311  # a sequence to repeat, no secret
    faults = FAULTS | ({DISK: disk_full} if disk else {})
    book = Book()
    partner = Partner(book)
    try:
        county.start()
        county.wait()
        setting = prepare(county, partner.url)
        if disk:
            nearly_full(county.var)
        unwell = doctor(county)
        loads = Loads(setting, county.port)
        loads.book = book
        loads.start()
        try:
            settle_in(book)
            for number in range(count):
                name = dice.choice(sorted(faults))
                took = one(county, name, faults[name], dice, loads, found)
                if each or number == count - 1:
                    found.wrong += [f"{name}: {what}" for what in looked_over(county, setting.kinds, unwell)]
                say(f"{number + 1}/{count} {name}: {took:.1f} s")
        finally:
            loads.stop()
        county.wait()
        settle(county, book, found)
        compare(county, book, found)
        found.wrong += [f"doctor: {name}" for name in doctor(county) if name not in unwell]
        found.wrong += [f"stop: {one}" for one in county.stop()]
    finally:
        partner.close()
        county.clear()
    return found


def prepare(county: County, url: str) -> Setting:
    """In a process of its own: this one opens no connection that a fault could break."""
    import json
    import subprocess
    import sys

    command = [sys.executable, "-m", "minqing.config.trials.setting", url]
    done = subprocess.run(command, env=county.environment, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    given = json.loads(done.stdout)
    return Setting(**given | {"doors": tuple(given["doors"])})


def settle_in(book: Book) -> None:
    until = time.monotonic() + GIVEN_UP
    while not book.reports and time.monotonic() < until:
        time.sleep(0.2)
    if not book.reports:
        raise RuntimeError(f"nothing could be reported: {book.refused[:3]}")


def one(
    county: County, name: str, fault: Callable[[County, Random], None], dice: Random, loads: Loads, found: Found
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
    waited = recover(county, loads, begun, since)
    took = time.monotonic() - begun
    told = ", ".join(f"{what} {seconds:.1f}" for what, seconds in sorted(waited.items(), key=lambda one: one[1]))
    if took > GIVEN_UP:
        found.wrong.append(f"{name}: not well after {GIVEN_UP:.0f} s ({told})")
    found.seconds.setdefault(name, []).append(took)
    if took > WITHIN:
        found.late.append(f"{name} {took:.1f} s ({told})")
    return took


def recover(county: County, loads: Loads, begun: float, since: float) -> dict[str, float]:
    """Wait until all is well; what was lacking, and for how many seconds."""
    waited: dict[str, float] = {}
    while (lacking := lacks(county, loads, begun, since)) and time.monotonic() < begun + GIVEN_UP:
        waited |= dict.fromkeys(lacking, time.monotonic() - begun)
        time.sleep(0.1)
    return waited


def lacks(county: County, loads: Loads, begun: float, since: float) -> list[str]:
    """Pages answer, somebody's report was taken since, two processes answer, and a worker has said that it lives."""
    found = ["pages"] if county.health() is None else []
    found += ["a report"] if loads.book.last < begun else []
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


def settle(county: County, book: Book, found: Found) -> None:
    """Every frequent job has succeeded since now, no job hangs, and what was asked for is done."""
    since = time.time()
    done = until(lambda: not waiting(county, book, since), SETTLED_SECONDS)
    if not done:
        found.wrong += [f"still waiting: {one}" for one in waiting(county, book, since)]


def waiting(county: County, book: Book, since: float) -> list[str]:
    with county.database() as connection:
        left = [f"job {name}" for name in sorted(FREQUENT - ran(connection, since))]
        for sentence, name in (
            (
                "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id "
                "WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '20 seconds')",
                "jobs of dead workers",
            ),
            ("SELECT count(*) FROM partners_delivery WHERE state IN ('queued', 'retrying')", "deliveries"),
        ):
            row = connection.execute(sentence).fetchone()
            if row and row[0]:
                left.append(f"{row[0]} {name}")
        row = connection.execute(
            "SELECT count(*) FROM intake_importrun WHERE id = ANY(%s::uuid[]) AND state <> 'done'", [book.imports]
        ).fetchone()
        if row and row[0]:
            left.append(f"{row[0]} tables")
    return left


ONCE = {
    "reports": "SELECT id::text, 1 FROM matters_matter WHERE id = ANY(%s::uuid[])",
    "received": "SELECT substr(subject, 8), count(*) FROM journal_event WHERE type = 'matters.matter.received' "
    "AND subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
    "moves": "SELECT substr(subject, 8), count(*) FROM journal_event WHERE type = 'matters.matter.assigned' "
    "AND subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
    "households": "SELECT number, count(*) FROM households_household WHERE number = ANY(%s) GROUP BY 1",
    "deliveries": "SELECT substr(e.subject, 8), count(*) FROM partners_delivery d "
    "JOIN journal_event e ON e.id = d.event WHERE d.state = 'delivered' AND e.type = 'matters.matter.received' "
    "AND e.subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
}
NOTICES = "SELECT count(*), count(DISTINCT (account, kind, subject, made_at)) FROM notify_notice"


def compare(county: County, book: Book, found: Found) -> None:
    """Everything that was acknowledged is there, and once."""
    asked = {
        "reports": book.reports,
        "received": book.reports,
        "moves": book.moves,
        "households": book.households,
        "deliveries": book.reports,
    }
    with county.database() as connection:
        for name, sentence in ONCE.items():
            there = dict(connection.execute(sentence, [asked[name]]).fetchall())
            missing = [one for one in asked[name] if one not in there]
            double = [one for one, times in there.items() if times != 1]
            found.figures[name] = len(there)
            found.wrong += [f"{name}: {len(missing)} missing, such as {missing[0]}"] if missing else []
            found.wrong += [f"{name}: {len(double)} more than once, such as {double[0]}"] if double else []
        row = connection.execute(NOTICES).fetchone()
        if row is not None:
            found.figures["notices"] = row[0]
            found.wrong += ["notices: some more than once"] if row[0] != row[1] else []
    found.figures |= {"tables": len(book.imports), "calls to the partner": len(book.received)}
    found.wrong += [f"refused: {one}" for one in sorted(set(book.refused))]
