"""What becomes of a watched process that ends. The processes are real, the waits are reckoned."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from minqing.config.subprocesses import MOST_WAIT, SETTLED, WAIT, Child
from tests.processes import until

pytestmark = pytest.mark.fault(71)


def child(code: str) -> Child:
    return Child("test", [sys.executable, "-c", code])


def ended(one: Child) -> bool:
    one.look()
    return one.process is None


def run_once(one: Child) -> None:
    one.start()
    until(lambda: ended(one))


@pytest.mark.parametrize("code", ["", "raise SystemExit(3)"])
def test_what_ends_at_once_waits_longer_each_time_counted_from_its_end(code: str) -> None:
    """Whatever it says of how it ended."""
    one, waits = child(code), []
    for _ in range(5):
        run_once(one)
        waits.append(one.wait)
        assert one.again - one.wait >= one.started
        before = time.monotonic()
        one.mend()
        assert one.process is None or before >= one.again, "started before its wait was over"
        one.stop(0)
    assert waits == [WAIT, 2 * WAIT, 4 * WAIT, MOST_WAIT, MOST_WAIT]


def test_what_lived_for_a_while_or_whose_work_held_is_started_again_at_once() -> None:
    one = child("")
    run_once(one)
    one.start()
    one.started -= SETTLED
    until(lambda: ended(one))
    assert one.wait == 0, "it lived for a while"
    run_once(one)
    run_once(one)
    assert one.wait == 2 * WAIT
    one.again -= SETTLED + 2 * WAIT
    run_once(one)
    assert one.wait == WAIT, "what starts the database ends at once, and the database ran on"


# in a program of its own, which has no thread and no connection
FORKS = """
import os, sys, time
from minqing.config.subprocesses import Forked

def told():
    print("group of its own", os.getpgid(0) == os.getpid(), flush=True)
    sys.exit("a sentence")

def lost():
    raise ValueError

def stays():
    time.sleep(600)

print(Forked(lambda: None).wait(), Forked(told).wait(), Forked(lost).wait(), Forked(lambda: sys.exit(7)).wait())
one = Forked(stays)
print(one.poll())
one.terminate()
print(one.wait())
try:
    one = Forked(stays)
    one.wait(0)
except TimeoutError as error:
    raise SystemExit(1)
except Exception as error:
    print(type(error).__name__)
os.kill(one.pid, 9)
print(one.wait(), one.poll())
one.terminate()
"""


def test_what_is_made_of_a_process_ends_as_a_program_of_its_own_does() -> None:
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "group of its own True", "0 1 1 7", "None", "-15", "TimeoutExpired", "-9 -9",
    ]  # fmt: skip
    assert "ValueError" in done.stderr
