"""Who the accounts are, as far as a notice must know. They live in a room above, which says so itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from minqing.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """The language somebody reads, and the telephone number their account carries."""

    language: str
    phone: str = field(default="", repr=False)


PeopleSource = Callable[[Collection[UUID]], Mapping[UUID, Person]]
PlaceSource = Callable[[Iterable[int]], Mapping[int, str]]
TitleSource = Callable[[Actor, Iterable[str]], Mapping[str, str]]
_sources: list[tuple[PeopleSource, PlaceSource]] = []
_titles: list[TitleSource] = []


def register_directory(*, people: PeopleSource, places: PlaceSource) -> None:
    """``people(accounts)`` leaves out those that are closed or not there; ``places(ids)`` names areas.

    Called once in every process by the room that has them.
    """
    _sources[:] = [(people, places)]


def register_titles(titles: TitleSource) -> None:
    """``titles(actor, subjects)`` says what records are called, of those that the actor may see, as it may read it.

    Called once in every process for each room that has any.
    """
    if titles not in _titles:
        _titles.append(titles)


def people_of(accounts: Collection[UUID]) -> Mapping[UUID, Person]:
    """However many they are, in as many statements."""
    return _sources[0][0](accounts)


def person_of(account: UUID) -> Person | None:
    return people_of([account]).get(account)


def place_names(ids: Iterable[int]) -> Mapping[int, str]:
    return _sources[0][1](ids)


def titles_for(actor: Actor, subjects: Iterable[str]) -> Mapping[str, str]:
    """For the app alone: a title never leaves the house."""
    asked = [*subjects]
    return {subject: title for titles in _titles for subject, title in titles(actor, asked).items()}
