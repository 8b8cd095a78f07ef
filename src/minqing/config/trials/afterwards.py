"""After each fault: does a job of every kind run, and is the operator told that all is well?"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping

import psycopg

from minqing.config.trials.county import County

JOBS_SECONDS = 120.0
DOCTOR_SECONDS = 60.0
RAN = """
SELECT DISTINCT j.task_name FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id
WHERE e.type = 'succeeded' AND e.at > to_timestamp(%s)
"""
# beside one that waits already none is needed
ASK = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, lock, args)
VALUES ('default', %s, %s, %s, %s::jsonb) ON CONFLICT DO NOTHING
"""


def looked_over(county: County, kinds: Mapping[str, Mapping[str, str | None]], unwell: Iterable[str]) -> list[str]:
    """What is not as it must be: a kind of job that did not run since, or something that the doctor finds now.

    ``kinds``: every job that needs nothing to be told, with its locks. Asked for anew, as most run at night alone.
    """
    since, left = time.time(), set(kinds)
    asked: set[str] = set()

    def all_ran() -> bool:
        with county.database() as connection:
            for name in kinds.keys() - asked:
                one = kinds[name]
                told = json.dumps({"timestamp": int(since)} if one["periodic"] else {})
                connection.execute(ASK, [name, one["queueing_lock"], one["lock"], told])
                asked.add(name)
            left.difference_update(ran(connection, since))
        return not left

    found: set[str] = set()

    def as_before() -> bool:
        found.clear()
        found.update(set(doctor(county)) - set(unwell))
        return not found

    wrong = [] if until(all_ran, JOBS_SECONDS) else [f"did not run: {name}" for name in sorted(left)]
    return wrong + ([] if until(as_before, DOCTOR_SECONDS) else [f"doctor: {name}" for name in sorted(found)])


def ran(connection: psycopg.Connection, since: float) -> set[str]:
    """The kinds of jobs of which one has succeeded since then."""
    return {name for (name,) in connection.execute(RAN, [since])}


def doctor(county: County) -> list[str]:
    """The names of what is not well, as the operator reads them."""
    try:
        done = county.run("doctor")
    except subprocess.TimeoutExpired:
        return ["itself: no answer"]
    lines = done.stdout.splitlines()
    if done.returncode > 1 or not lines:
        return [f"itself: {done.stderr.strip()[-200:]}"]
    return [line.split("✗", 1)[1].strip().split("  ")[0] for line in lines if "✗" in line]


def until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except psycopg.Error:
            pass
        time.sleep(0.1)
    return False
