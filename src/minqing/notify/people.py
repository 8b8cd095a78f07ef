"""Who the accounts are, as far as a notice must know. They live in a room above, which config introduces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Person:
    """The language somebody reads, and the telephone number their account carries."""

    language: str
    phone: str = field(default="", repr=False)


PersonSource = Callable[[UUID], Person | None]
PlaceSource = Callable[[Iterable[int]], Mapping[int, str]]
_sources: list[tuple[PersonSource, PlaceSource]] = []


def register_directory(*, person: PersonSource, places: PlaceSource) -> None:
    """``person(account)`` is None for an account that is closed or not there; ``places(ids)`` names areas.

    Called by config once in every process.
    """
    _sources[:] = [(person, places)]


def person_of(account: UUID) -> Person | None:
    return _sources[0][0](account)


def place_names(ids: Iterable[int]) -> Mapping[int, str]:
    return _sources[0][1](ids)
