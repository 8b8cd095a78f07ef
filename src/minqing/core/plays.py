"""What a room brings to ``minqing trial``: what people and programs do while the county is broken on purpose.

It is the ``PLAY`` of its module ``trials``, found by that name. The house breaks things and looks whether they come
back; the room acts, and tells what was acknowledged but is not there. Nothing else imports it.

A room with faults of its own, as a machine's power and line, brings a whole run instead: the ``RUN`` of its module
``fault_runs``, which becomes ``minqing trial NAME``. The house lends it a county that may be broken, its `Ground`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

import psycopg


class Acts(Protocol):
    """What goes on meanwhile: every act is sent again until it is told what became of it."""

    @property
    def last(self) -> float:
        """When something was acknowledged last, of the clock that never goes back."""

    @property
    def address(self) -> str:
        """Where another system hears of it."""

    def start(self, given: Mapping[str, Any], port: int) -> None:
        """``given`` is what :attr:`Play.prepared` told."""

    def stop(self) -> None: ...

    def begun(self) -> bool:
        """Whether something was acknowledged."""

    def waiting(self, connection: psycopg.Connection) -> list[str]:
        """What was asked for and is not done yet."""

    def compared(self, connection: psycopg.Connection) -> tuple[dict[str, int], list[str]]:
        """Figures of what is there; what is missing, double or was refused."""

    def close(self) -> None:
        """Whatever happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """``begin`` makes its acts.

    ``prepared``  called in the county's own environment with their address: lays out what they need, and tells of it
    ``frequent``  jobs that run at least once a minute
    """

    begin: Callable[[], Acts]
    prepared: Callable[[str], Mapping[str, object]]
    frequent: frozenset[str]


class Ground(Protocol):
    """A county of a fault run's own, started and laid out, with real processes and a real database."""

    @property
    def port(self) -> int:
        """Of its web server on 127.0.0.1."""

    @property
    def folder(self) -> Path:
        """For what the run keeps; gone with the county."""

    @property
    def kinds(self) -> Sequence[str]:
        """What may be killed: its web processes, worker, database, everything."""

    def kill(self, kind: str, dice: Random) -> None:
        """With SIGKILL; whatever watches over it starts it anew."""

    def until_well(self) -> bool:
        """Wait until pages answer and all processes live again; False where they do not for too long."""

    def inside(self, function: str, given: object) -> Any:
        """Call ``module:function`` in a process of the county with what JSON can say, and get the same back."""

    def agent(self, *words: str) -> AbstractContextManager[int]:
        """``minqing`` with these words as a process beside the county; its id. Killed in the end."""

    def command(self, *words: str) -> tuple[int, str]:
        """``minqing`` with these words, in the county: exit code and what it printed."""

    def database(self) -> AbstractContextManager[psycopg.Connection]:
        """A connection of the superuser, for counting what is there."""

    def say(self, line: str) -> None: ...


@dataclass
class Outcome:
    """``faults`` by kind, ``figures`` of what went on, and what was ``wrong``: nothing, where all is as it must be."""

    faults: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Runs(Protocol):
    def __call__(self, ground: Ground, *, seed: int, faults: int, minutes: float) -> Outcome: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRun:
    """``name`` of the command, ``help`` for it, and ``run``: where the :class:`Runs` stands, as ``module:function``."""

    name: str
    help: str
    run: str
