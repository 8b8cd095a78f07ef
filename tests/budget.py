"""Pytest plugin: the CPU seconds of each room's tests, printed at the end beside the limits in pyproject.toml.

Processes that a test starts and waits for count with it. What is made once for many tests is a line of its own, and so
is the database server. Nothing fails by it: how long a thing takes says more of the machine than of the code.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Generator
from typing import Any

import psutil
import pytest

from tests.embedded import PGDATA, ROOT

SPENT: pytest.StashKey[Counter[str]] = pytest.StashKey()
ONCE, SERVER = "made once", "PostgreSQL"
making = False


def here() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def at_the_server() -> float:
    """CPU seconds of the database server: of connections that ended, and of those that are open."""
    try:
        first = psutil.Process(int((PGDATA / "postmaster.pid").read_text().split()[0]))
        ended = first.cpu_times()
        alive = [one.cpu_times() for one in first.children(recursive=True)]
    except (OSError, psutil.Error):
        return 0.0
    return ended.children_user + ended.children_system + sum(one.user + one.system for one in [ended, *alive])


def limits() -> tuple[float, dict[str, float]]:
    """Minutes of all tests, and seconds of each room's."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        budget = tomllib.load(file)["tool"]["minqing"]["budget"]
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    return float(budget["cpu_minutes"]), dict.fromkeys(folders, float(budget["room_seconds"])) | budget["rooms"]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SPENT] = Counter({SERVER: -at_the_server()})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    spent, before = item.config.stash[SPENT], here()
    made = spent[ONCE]
    answer = yield
    room = item.path.relative_to(ROOT / "tests").parts[0]
    spent[room] += here() - before - (spent[ONCE] - made)
    return answer


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """A database migrated anew is not the first test's, whichever that is."""
    global making
    if making or fixturedef.scope != "session":
        return (yield)
    making, before = True, here()
    try:
        return (yield)
    finally:
        making = False
        request.config.stash[SPENT][ONCE] += here() - before


def pytest_sessionfinish(session: pytest.Session) -> None:
    spent = session.config.stash[SPENT]
    spent[SERVER] += at_the_server()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["spent"] = dict(spent)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist has ended."""
    node.config.stash[SPENT].update(getattr(node, "workeroutput", {}).get("spent", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    spent = config.stash[SPENT]
    minutes, of_rooms = limits()
    terminalreporter.section("CPU seconds of each room")
    for room, seconds in spent.most_common():
        if seconds >= 0.05:
            most = of_rooms.get(room)
            told = f"{room:<14}{seconds:>9.1f}" + (f" of {most:.0f}" if most else "")
            terminalreporter.write_line(told, yellow=most is not None and seconds > most)
    told = f"{sum(spent.values()) / 60:.1f} of {minutes:.0f} minutes that all tests together may take"
    terminalreporter.write_line(told, yellow=sum(spent.values()) > minutes * 60)
