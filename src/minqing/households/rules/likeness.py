"""Whether two entries may be one person, and what becomes of both where they are. Pure: no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from minqing.households.enums import Likeness, Sex

# what an entry gets from the other one where it has nothing, and what nothing is
FILLED: Final[Mapping[str, object]] = {"identity_number": "", "phone": "", "born_on": None, "sex": Sex.UNKNOWN.value}


class PersonLike(Protocol):
    """One entry. ``identity_index`` and ``phone_index`` are keyed digests, None where no number is known."""

    @property
    def name(self) -> str: ...
    @property
    def born_on(self) -> date | None: ...
    @property
    def identity_index(self) -> bytes | memoryview | None: ...
    @property
    def phone_index(self) -> bytes | memoryview | None: ...


def likeness_of(one: PersonLike, other: PersonLike, *, township: bool, address: bool) -> list[Likeness]:
    """What speaks for one person; nothing where something speaks against it.

    ``township``: both live in the same; ``address``: at the same place. Two identity numbers are two people, since
    nobody is on file twice with one. A day of birth alone is enough only within a township: a county has
    many of one name.
    """
    if one.name != other.name or (one.identity_index and other.identity_index):
        return []
    if one.born_on and other.born_on and one.born_on != other.born_on:
        return []
    found = {
        Likeness.BIRTH: township and one.born_on is not None and one.born_on == other.born_on,
        Likeness.PHONE: one.phone_index is not None and bytes(one.phone_index) == bytes(other.phone_index or b""),
        Likeness.ADDRESS: address,
    }
    return [reason for reason, speaks in found.items() if speaks]


def to_fill(kept: object, gone: object) -> list[str]:
    """The fields that ``kept`` has empty and ``gone`` has not."""
    return [name for name, empty in FILLED.items() if getattr(kept, name) == empty and getattr(gone, name) != empty]


def tags_split(own: Collection[str], others: Mapping[UUID, str]) -> tuple[list[UUID], list[UUID]]:
    """Of the other entry's tags (id → code) those that go along, and those that the kept entry has itself."""
    moved = [id for id, code in others.items() if code not in own]
    return sorted(moved), sorted(others.keys() - set(moved))
