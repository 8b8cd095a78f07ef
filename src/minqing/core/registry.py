"""What rooms declare of one sort, known by a key that no other has, in the order of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from minqing.core.errors import DomainError, NotFound

T = TypeVar("T")


class Registry(Generic[T]):
    """``key`` is what a thing is known by; ``missing`` makes the refusal where none is known by what was asked for.

    The room that works with such things has one, and takes them in through ``Room.gathers``.
    """

    def __init__(self, key: Callable[[T], str], missing: Callable[[], DomainError] = NotFound, *known: T) -> None:
        self.key, self.missing = key, missing
        self.known: dict[str, T] = {}
        for one in known:
            self.register(one)

    def register(self, one: T) -> None:
        """Called once in every process; the same thing again is no second one.

        Raises ``ValueError`` where another is known by its key: of two rooms one would be silently left out.
        """
        known = self.known.setdefault(self.key(one), one)
        if known is not one:
            raise ValueError(f"{self.key(one)!r} is known already: {known!r}, not {one!r}")

    def forget(self, key: str) -> None:
        """As if no room brought it."""
        self.known.pop(key, None)

    def __iter__(self) -> Iterator[T]:
        return iter([*self.known.values()])

    def __reversed__(self) -> Iterator[T]:
        return reversed([*self.known.values()])

    def get(self, key: str) -> T | None:
        """None for what no room brings any more."""
        return self.known.get(key)

    def of(self, key: str) -> T:
        """Raises ``missing`` for what no room brings."""
        if key not in self.known:
            raise self.missing()
        return self.known[key]
