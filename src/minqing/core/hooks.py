"""Moments of a room at which rooms above it join in, in the same transaction, without being known there.

News travels upwards as an event and is heard later (``Room.listeners``). A hook is for what must stand or fall with
the write itself, or be there when a page is drawn: the lower room has a :class:`Hook` and calls it, the room above
declares in ``Room.hooks`` what it does then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Hooked:
    """A function that joins in at a hook of a room below."""

    hook: Hook[Any, Any]
    function: Callable[..., object]


class Hook(Generic[Given, Answer]):
    """Called, it asks every function that was registered, in the order of the rooms, and returns their answers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.functions: list[Callable[Given, Answer]] = []

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> list[Answer]:
        return [function(*args, **kwargs) for function in self.functions]

    def calls(self, function: Callable[Given, Answer]) -> Hooked:
        """For ``Room.hooks``."""
        return Hooked(self, function)

    def register(self, function: Callable[Given, Answer]) -> None:
        """Called once in every process; the same function again changes nothing."""
        if function not in self.functions:
            self.functions.append(function)
