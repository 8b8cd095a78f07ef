"""What the supervisor does with a process of its own that ends. The processes are real, the waits are reckoned."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from minqing.config.supervisor import MOST_WAIT, SETTLED, WAIT, Child, Plan, Supervisor, answers
from minqing.config.trials.county import County
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


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Supervisor]:
    """Of small processes, beside a database that needs nothing."""
    made = Supervisor(Plan(0, str(tmp_path), "", 0, ""))
    made.database, made.children = child(""), [child("import time; time.sleep(60)"), child("")]
    yield made
    for one in (made.database, *made.children):
        one.ask_to_end()
        one.stop(0)


def test_a_helper_that_has_ended_is_no_zombie_while_the_database_runs(watched: Supervisor) -> None:
    watched.database.start()
    assert watched.database.process is not None
    helper = watched.database.process.pid

    def gone() -> bool:
        watched.mend()
        return not psutil.pid_exists(helper)

    until(gone)


def test_at_the_end_only_those_that_live_are_stopped(watched: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of one that was cleared away may be another program's group by now."""
    killed: list[int] = []
    lives, gone = watched.children
    for one in (lives, gone):
        one.start()
    until(lambda: ended(gone))
    assert lives.process is not None
    number = lives.process.pid
    kill = os.killpg

    def noted(pid: int, how: signal.Signals) -> None:
        killed.append(pid)
        kill(pid, how)

    monkeypatch.setattr(os, "killpg", noted)
    watched.end()
    assert killed == [number]
    assert not psutil.pid_exists(number)


@pytest.fixture
def well() -> Iterator[int]:
    """The port of a server that says that all is well."""

    class Well(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok\n")

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Well) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_no_proxy_of_the_environment_stands_between_the_house_and_itself(
    well: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert answers(well)
    assert County(tmp_path, well).health() == ["ok"]
    assert (answers(1), County(tmp_path, 1).health()) == (False, None)
