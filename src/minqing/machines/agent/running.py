"""The process: turns at a pace, the screen beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from minqing.machines.agent import screen
from minqing.machines.agent.cycle import Agent
from minqing.machines.agent.driver import Simulated
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link
from minqing.machines.agent.settings import Settings

PACE = 1.0


def made(settings: Settings) -> Agent:
    """The agent of that file, on a tray that is only played."""
    journal = Journal(settings.folder / "journal.sqlite3")
    driver = Simulated(settings.folder / "tray", seconds=0.5)
    return Agent(journal, Link(settings.server, settings.code, settings.key), driver)


def run(agent: Agent, settings: Settings, *, over: threading.Event, told: Callable[[str], None]) -> None:
    """Until ``over``: a turn each second, and at once where something was done. ``told`` hears what the screen says."""
    server = screen.serve(agent, settings.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    last = ""
    try:
        while not over.is_set():
            busy = agent.turn()
            if (now := screen.text(agent)) != last:
                told(now)
                last = now
            over.wait(0 if busy else PACE)
    finally:
        server.shutdown()
        server.server_close()
        agent.journal.close()
