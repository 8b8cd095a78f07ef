"""What each kind of notice is told of, so that a walk can tell it: one line per kind in ``tests/<room>/matrix.py``.

::

    "earning.overdue": tuple(
        Told("earning.claim.escalated", objected, {"rung": rung.value}) for rung in Rung
    ),

``Told(type, about, data)``: an event that leads to the notice; ``about`` lays out in the cast's own village what it is
about, as it stands then, and gives the event's subject. Each way by which other people are told is a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from minqing.config.rooms import rooms
from minqing.core.room import Listener
from tests.cast import Cast


@dataclass(frozen=True)
class Told:
    type: str
    about: Callable[[Cast], str]
    data: Mapping[str, Any] | Callable[[Cast], Mapping[str, Any]] = field(default_factory=dict)

    def data_for(self, cast: Cast) -> dict[str, Any]:
        return dict(self.data(cast) if callable(self.data) else self.data)


def of(name: str, made: Callable[..., tuple[Any, ...]], /, **values: Any) -> Callable[[Cast], str]:
    """A subject ``name:id`` of what a maker of the table of addresses lays out in the own village; a value that can be
    called is asked for with the cast."""

    def laid(cast: Cast) -> str:
        given = {key: value(cast) if callable(value) else value for key, value in values.items()}
        return f"{name}:{made(cast, cast.own, **given)[0]}"

    return laid


def tellers() -> list[Listener]:
    """Those that tell people of what they hear."""
    return [one for room in rooms() for one in room.listeners if one.heard.__module__.endswith(".notifications")]


def heard() -> set[str]:
    """All that leads to notices."""
    return {type for one in tellers() for type in one.types}


def kinds() -> dict[str, Any]:
    """All kinds that rooms tell of, by their codes."""
    return {one.code: one for room in rooms() for one in room.notices}
