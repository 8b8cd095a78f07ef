"""What the supervisor does with the processes it watches. They are real."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from minqing.config.subprocesses import Child
from minqing.config.supervisor import Plan, Supervisor, answers
from minqing.config.trials.county import County
from tests.processes import until

pytestmark = pytest.mark.fault(71)


def child(code: str) -> Child:
    return Child("test", [sys.executable, "-c", code])


def ended(one: Child) -> bool:
    one.look()
    return one.process is None


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Supervisor]:
    """Of small processes, beside a database that needs nothing."""
    made = Supervisor(Plan(0, str(tmp_path), "", 0, ""))
    made.database, made.loader = child(""), child("import time; time.sleep(600)")
    yield made
    for one in (made.database, made.loader):
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
    lives, gone = watched.loader, watched.database
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


def test_what_runs_beside_a_demo_begins_once_pages_answer_and_ends_with_us(tmp_path: Path) -> None:
    """The machine of the demo: killed it is there anew, and it outlives nobody."""
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    made = Supervisor(Plan(0, str(tmp_path), "", 0, "", {"machines": sleeping}))
    made.database, made.loader = child(""), child("import time; time.sleep(600)")
    (beside,) = made.beside
    try:
        made.mend()
        assert beside.process is None
        made.up = True
        made.mend()
        assert beside.process is not None
        first = beside.process.pid
        os.kill(first, signal.SIGKILL)

        def anew() -> bool:
            made.mend()
            return bool(beside.process and beside.process.pid != first)

        until(anew)
    finally:
        made.end()
    assert beside.process is None
