"""What a room brings to ``minqing trial``: what people and programs do while the county is broken on purpose.

It is the ``PLAY`` of its module ``trials``, found by that name. The house breaks things and looks whether they come
back; the room acts, and tells what was acknowledged but is not there. Nothing else imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    prepared: Callable[[str], Mapping[str, Any]]
    frequent: frozenset[str]
