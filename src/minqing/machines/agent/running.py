"""The process: turns at a pace, or when a hint came, the screen beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from minqing.machines.agent import screen
from minqing.machines.agent.cycle import Agent
from minqing.machines.agent.driver import Simulated
from minqing.machines.agent.hints import Hints
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link
from minqing.machines.agent.settings import Settings

PACE = 1.0
# where a hint would come: what was lost of one is made good while its command still holds
CALM = 5.0
# however many hints come
LEAST = 0.3


def made(settings: Settings) -> Agent:
    """The agent of that file, on a tray that is only played."""
    journal = Journal(settings.folder / "journal.sqlite3")
    driver = Simulated(settings.folder / "tray", seconds=0.5)
    return Agent(journal, Link(settings.server, settings.code, settings.key), driver)


def run(agent: Agent, settings: Settings, *, over: threading.Event, told: Callable[[str], None]) -> None:
    """Until ``over``: a turn each second, and at once where something was done. ``told`` hears what the screen says.

    As long as hints reach it and the server answers, it asks less often, and at once when one comes.
    """
    hints = Hints(settings.broker, settings.code)
    server = screen.serve(agent, settings.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    last = ""
    try:
        while not over.is_set():
            begun = agent.steady()
            agent.hinted = hints.there if settings.broker else None
            busy = agent.turn()
            if (now := screen.text(agent)) != last:
                told(now)
                last = now
            if not busy:
                calm = hints.there and agent.answered >= begun
                rest(over, hints, agent.steady, CALM if calm else PACE)
    finally:
        hints.close()
        server.shutdown()
        server.server_close()
        agent.journal.close()


def rest(over: threading.Event, hints: Hints, steady: Callable[[], float], seconds: float) -> bool:
    """So long, or until all is over or a hint comes: True then. Hints without end gain no more than a few turns."""
    begun = steady()
    while not over.wait(0.1) and steady() < begun + seconds:
        if steady() >= begun + LEAST and hints.take():
            return True
    return False
