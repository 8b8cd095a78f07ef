"""One machine with somebody in front of it: in this process, where power may go at each step, or in one of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from random import Random
from typing import Any, Final

from minqing.core.browser import Browser, Lost
from minqing.core.plays import Ground
from minqing.machines.agent import settings
from minqing.machines.agent.driver import Simulated
from minqing.machines.agent.journal import Journal
from minqing.machines.broken.people import Person
from minqing.machines.broken.power import Machine
from minqing.machines.broken.wire import Proxy, Wire

OFTEN: Final = 0.65
# so many turns somebody waits for their goods before they choose again
TURNS: Final = 12
# another person scans the picture by which somebody has the machine
OTHERS: Final = 0.03


class Scene:
    """``wrong``: what must not happen and did."""

    def __init__(
        self, ground: Ground, told: Mapping[str, Any], number: int, slots: int, dice: Random, counts: Counter[str]
    ) -> None:
        self.ground, self.given, self.code, self.counts, self.dice = ground, told, told["code"], counts, dice
        self.folder = ground.folder / f"machine-{number}"
        self.server = f"http://127.0.0.1:{ground.port}"
        self.wire = Wire(Random(dice.random()), counts, often=OFTEN)  # noqa: S311
        self.person, self.other = (
            Person(self.browser(number, at, one), self.code, slots, Random(dice.random()), counts)  # noqa: S311
            for at, one in enumerate(told["people"])
        )
        self.wrong = ""
        self.ending, self.calmed = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.going_on, daemon=True)
        self.starts = 0

    def browser(self, number: int, at: int, one: Mapping[str, Any]) -> Browser:
        name, kept = one["cookie"]
        return Browser(self.ground.port, f"127.7.{number}.{at + 1}", cookies={name: kept})

    def begin(self) -> None:
        self.thread.start()

    def going_on(self) -> None:
        while not self.ending.is_set():
            try:
                self.once()
            except Exception as error:
                # what ended unseen would make everything look well
                self.wrong = f"{type(error).__name__}: {error}"[:200]
                return

    def once(self) -> None:
        raise NotImplementedError

    def calm(self) -> None:
        self.wire.often = 0.0
        self.calmed.set()

    def picture(self) -> str:
        raise NotImplementedError

    def choose(self) -> str:
        picture = self.picture()
        if not picture or self.calmed.is_set():
            return ""
        id = self.person.choose(picture)
        if id and self.dice.random() < OTHERS:
            self.counts["picture scanned by two"] += 1
            if self.other.choose(picture):
                self.wrong = "two had the machine by one picture"
        return id

    def fallen(self) -> list[str]:
        return [id for id, _slot in Simulated(self.folder / "tray").fallen()]

    def idle(self) -> bool:
        with contextlib.closing(sqlite3.connect(self.folder / "journal.sqlite3", timeout=10)) as db:
            try:
                (left,) = db.execute("SELECT count(*) FROM vends WHERE told = '' OR heard = 0").fetchone()
            except sqlite3.OperationalError:
                # killed before it had ever made its journal: it is to come yet
                return False
        return not left

    def told(self) -> dict[str, Any]:
        journal = str(self.folder / "journal.sqlite3")
        return {
            "code": self.code, "people": self.given["people"], "fallen": self.fallen(), "chosen": self.person.chosen,
            "journal": journal,
        }  # fmt: skip

    def close(self) -> None:
        self.ending.set()
        self.thread.join(60)


class Here(Scene):
    """The agent in this process: its power goes between any two steps, thousands of times."""

    machine: Machine

    def begin(self) -> None:
        key = self.given["key"]
        self.machine = Machine(server=self.server, code=self.code, key=key, folder=self.folder, wire=self.wire)
        super().begin()

    def picture(self) -> str:
        return self.machine.agent.screen_code()

    def once(self) -> None:
        self.machine.turn()
        id = self.choose()
        for _turn in range(TURNS if id else 0):
            self.machine.turn()
            line = Journal.lines(self.machine.agent.journal.real, "id = ? AND heard = 1", id)  # type: ignore[attr-defined]
            if line:
                break
        if not id:
            time.sleep(0.05)
        self.starts = self.machine.starts


class Apart(Scene):
    """``minqing machine run``, a process that is killed at any moment and started anew; it has a line of its own."""

    def begin(self) -> None:
        self.stack, self.number = ExitStack(), self.folder.name.rpartition("-")[2]
        self.screen, self.proxy = Browser(self.port, seconds=5), Proxy(self.wire, self.server)
        self.stack.callback(self.proxy.close)
        self.file = self.folder / "machine.toml"
        settings.write(
            self.file, server=self.proxy.address, code=self.code, key=self.given["key"], port=self.port, folder="."
        )
        super().begin()

    @property
    def port(self) -> int:
        return self.ground.port + 1 + int(self.number)

    def picture(self) -> str:
        try:
            lines = self.screen.get("/text").page.splitlines()
        except Lost:
            return ""
        there = next((one for one in lines if f"/v/{self.code}/" in one), "")
        return there.rpartition("/")[2]

    def once(self) -> None:
        """One life of the process: some exchanges, then it is killed in the middle of whatever it does."""
        self.starts += 1
        with self.ground.agent("machine", "run", "--config", str(self.file)) as process:
            ends = time.monotonic() + self.dice.uniform(4, 12)
            while time.monotonic() < ends or self.calmed.is_set():
                if self.ending.is_set():
                    return
                if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    raise RuntimeError("the machine's program ended by itself")
                if not self.choose():
                    time.sleep(0.2)
            os.kill(process, signal.SIGKILL)
            self.counts["kill machine"] += 1

    def close(self) -> None:
        super().close()
        self.stack.close()
