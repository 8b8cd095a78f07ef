"""What rooms say for the record: their events in words, and how what events are about is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.room import Deed, Doing, Entry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What events are about whose subject begins with ``code`` (``household:<id>``).

    ``label``  with its ``{name}``: a number, or what everybody may know, and no private word
    ``named``  of ids the names, for the system, as which it is asked: the auditor opens no file
    ``found``  the id of what somebody typed, None where it is nothing of this kind
    """

    code: str
    label: StrOrPromise
    named: Callable[[Actor, Collection[str]], Mapping[str, str]]
    found: Callable[[Actor, str], str | None]


_deeds: dict[str, Deed] = {}
_records: dict[str, Record] = {}
_entries: dict[str, Entry] = {}


def register_deed(deed: Deed) -> None:
    """Called once in every process; the same type again replaces it."""
    _deeds[deed.type] = deed


def register_record(record: Record) -> None:
    _records[record.code] = record


def register_entry(entry: Entry) -> None:
    """Pages are called as the navigation calls them."""
    _entries[entry.url_name] = entry


def deed_of(type: str) -> Deed | None:
    """None for what no room tells of any more."""
    return _deeds.get(type)


def deeds() -> list[Deed]:
    return list(_deeds.values())


def types_of(*doings: Doing) -> list[str]:
    return sorted(one.type for one in _deeds.values() if one.doing in doings)


def records() -> list[Record]:
    return list(_records.values())


def record_of(code: str) -> Record | None:
    return _records.get(code)


def page_label(name: str) -> StrOrPromise:
    """What the navigation calls a page, or one of the same room; empty for what it does not lead to."""
    if name in _entries:
        return _entries[name].label
    space = name.partition(":")[0] + ":"
    return next((one.label for own, one in _entries.items() if own.startswith(space)), "")


def valid_ids(ids: Collection[str]) -> list[UUID]:
    """What a subject says may be no id at all: ``household:unknown``."""
    found = []
    for id in ids:
        with suppress(ValueError):
            found.append(UUID(id))
    return found
