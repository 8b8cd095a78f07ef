"""One turn after the other: say what has happened, take commands, carry each out at most once.

Time is the server's, which comes with each answer, and goes on by a clock that nobody can set; the machine's own may
say 1970.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from minqing.machines.agent.driver import Driver
from minqing.machines.agent.journal import Journal
from minqing.machines.agent.link import Link, NoAnswer, Refused
from minqing.machines.formats import screen

# so long a screen goes on without an answer before it says that there is no connection
PATIENCE = 15.0
# so long the screen rings
RINGING = 8.0
# of a message that is not the next one: what it says was heard, or is said in the next
TRIED = frozenset({"replayed"})


@dataclass(slots=True)
class Shown:
    """What screen and text mode show."""

    slots: list[Mapping[str, Any]] = field(default_factory=list)
    locked: bool = False
    # when something dropped, by the steady clock
    dropped: float = float("-inf")
    refused: str = ""


class Agent:
    def __init__(
        self, journal: Journal, link: Link, driver: Driver, *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.journal, self.link, self.driver, self.steady = journal, link, driver, steady
        self.shown = Shown()
        # whether a hint would reach it, as whoever runs it says; None: there is no broker in its file
        self.hinted: bool | None = None
        self.boot, self.run = journal.start()
        # the server's time less the steady clock's, once it is known
        self.ahead: float | None = None
        self.answered = float("-inf")
        for line in journal.unfinished():
            # power was cut in between: what was begun may have dropped, what was not has not
            told = ("unknown", "") if line.begun else ("not_run", "reboot")
            journal.end(line.id, *told)

    def now(self) -> float | None:
        """The server's time; None as long as it was never told."""
        return None if self.ahead is None else self.steady() + self.ahead

    def online(self) -> bool:
        return self.steady() - self.answered <= PATIENCE and not self.shown.refused

    def rang(self) -> bool:
        """Whether something dropped just now."""
        return self.steady() - self.shown.dropped <= RINGING

    def screen_code(self) -> str:
        """What the picture says now; empty where nobody could buy anything."""
        now = self.now()
        if now is None or not self.online() or self.shown.locked:
            return ""
        return screen.code_of(self.link.secret, screen.period_of(now))

    def turn(self) -> bool:
        """Whether something was done, so that there is something to say at once. Never raises for the network."""
        lines = self.journal.unheard()
        told = {
            "reports": [{"vend": one.id, "told": one.told, "reason": one.reason} for one in lines],
            "temperature": self.driver.temperature(),
            "door": self.driver.door_open(),
            "jam": self.driver.jammed(),
            "hinted": self.hinted,
        }
        sent = self.steady()
        try:
            answer = self.link.turn(told, boot=self.boot, run=self.run, counter=self.journal.count())
        except NoAnswer:
            return False
        except Refused as refused:
            self.shown.refused = "" if refused.code in TRIED else refused.code
            return False
        return self.heard(answer, sent)

    def heard(self, answer: Mapping[str, Any], sent: float) -> bool:
        self.answered, self.shown.refused = self.steady(), ""
        # counted from the question: an answer that was held up on its way is old when it comes
        self.ahead = float(answer["now"]) - sent
        if answer["boot"] != self.boot:
            self.boot = int(answer["boot"])
            self.journal.adopt(self.boot, self.run)
        self.shown.slots, self.shown.locked = list(answer["slots"]), bool(answer["locked"])
        for id in answer["taken"]:
            self.journal.hear(id)
        done = [self.obey(order) for order in answer["run"]]
        return any([*done, *(self.recall(one) for one in answer["asked"])])

    def obey(self, order: Mapping[str, Any]) -> bool:
        """Carry it out, unless it was taken before, is of another start, or too late."""
        id, slot = str(order["id"]), int(order["slot"])
        if not self.journal.take(id, slot, int(order["boot"])):
            return False
        now = self.now()
        if order["boot"] != self.boot:
            self.journal.end(id, "not_run", "reboot")
        elif now is None or now >= float(order["expires"]):
            self.journal.end(id, "not_run", "late")
        else:
            self.journal.begin(id)
            told, reason = self.driver.dispense(slot, id)
            self.journal.end(id, told, reason)
            if told == "dropped":
                self.shown.dropped = self.steady()
        return True

    def recall(self, asked: Mapping[str, Any]) -> bool:
        """Say what became of a command. One that never came is written down, so that it is not run if it still does."""
        id = str(asked["id"])
        line = self.journal.line(id)
        if line is None:
            known = self.journal.knows_boot(asked["boot"])
            self.journal.take(id, None, asked["boot"])
            self.journal.end(id, *(("not_run", "never") if known else ("unknown", "")))
        elif line.told:
            self.journal.db.execute("UPDATE vends SET heard = 0 WHERE id = ?", (id,))
        return True
