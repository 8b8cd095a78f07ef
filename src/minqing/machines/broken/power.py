"""A machine whose power goes: before and after everything that it writes down and does, and while an answer is late."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final

from minqing.machines.agent.cycle import Agent
from minqing.machines.agent.driver import FAILED, Simulated
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link
from minqing.machines.broken.wire import Wire

CUTS: Final = frozenset({"take", "begin", "end", "unheard", "hear", "count", "line", "dispense"})
# of a hundred calls at which power may go; motors that do not turn; answers that come when their command is over
POWER, MOTOR, HELD_UP = 0.012, 0.02, 0.004
LATE: Final = 40.0


class PowerCut(BaseException):
    """The program ends here, whatever it was about to do."""


class Cutting:
    """Stands for a journal or a tray, and now and then power goes before or after it has done what it is told to."""

    def __init__(self, real: Any, machine: Machine) -> None:
        self.real, self.machine = real, machine

    def __getattr__(self, name: str) -> object:
        found = getattr(self.real, name)
        return self.cut(name, found) if name in CUTS else found

    def cut(self, name: str, found: Any) -> Any:
        def called(*given: Any) -> Any:
            for when in ("before", "after"):
                if when == "after":
                    answer = found(*given)
                if self.machine.strikes(POWER, f"power {when} {name}"):
                    raise PowerCut(name)
            return answer

        return called


class Tray(Simulated):
    """A motor that sometimes does not turn."""

    machine: Machine

    def dispense(self, slot: int, id: str) -> tuple[str, str]:
        if self.machine.strikes(MOTOR, "motor stuck"):
            return FAILED, "motor"
        return super().dispense(slot, id)


class Machine:
    """The real agent on its own files in this process, started anew each time that its power was cut."""

    def __init__(self, *, server: str, code: str, key: str, folder: Path, wire: Wire) -> None:
        self.server, self.code, self.key, self.folder, self.wire = server, code, key, folder, wire
        # seconds by which the steady clock has gone on while nothing was done
        self.waited = 0.0
        self.starts = 0
        self.agent = self.start()

    @property
    def dice(self) -> Random:
        return self.wire.dice

    @property
    def counts(self) -> Counter[str]:
        return self.wire.counts

    def strikes(self, often: float, kind: str) -> bool:
        """Whether it happens now; nothing does any more once the line is to be well."""
        if not self.wire.often or self.dice.random() >= often:
            return False
        self.counts[kind] += 1
        return True

    def start(self) -> Agent:
        while True:
            self.starts += 1
            tray = Tray(self.folder / "tray")
            tray.machine = self
            journal = Journal(self.folder / "journal.sqlite3")
            link = Link(self.server, self.code, self.key, self.carried)
            try:
                self.agent = Agent(Cutting(journal, self), link, Cutting(tray, self), steady=self.steady)  # type: ignore[arg-type]
            except PowerCut:
                journal.close()
            else:
                return self.agent

    def steady(self) -> float:
        return time.monotonic() + self.waited

    def carried(self, *message: Any) -> Any:
        answer = self.wire(*message)
        if self.strikes(HELD_UP, "answer held up"):
            self.waited += LATE
        return answer

    def turn(self) -> None:
        try:
            self.agent.turn()
        except PowerCut:
            self.agent.journal.real.close()  # type: ignore[attr-defined]
            self.start()

    def idle(self) -> bool:
        """Nothing that it was told is without an end, and everything was heard."""
        lines = Journal.lines(self.agent.journal.real, "told = '' OR heard = 0")  # type: ignore[attr-defined]
        return not lines
