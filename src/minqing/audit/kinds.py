"""What rooms say for the record: their events in words, and how what events are about is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.registry import Registry
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


DEEDS: Final = Registry[Deed](lambda deed: deed.type)
RECORDS: Final = Registry[Record](lambda record: record.code)
# pages are called as the navigation calls them
ENTRIES: Final = Registry[Entry](lambda entry: entry.url_name)


def types_of(*doings: Doing) -> list[str]:
    return sorted(one.type for one in DEEDS if one.doing in doings)


def page_label(name: str) -> StrOrPromise:
    """What the navigation calls a page, or one of the same room; empty for what it does not lead to."""
    if own := ENTRIES.get(name):
        return own.label
    space = name.partition(":")[0] + ":"
    return next((one.label for one in ENTRIES if one.url_name.startswith(space)), "")


def valid_ids(ids: Collection[str]) -> list[UUID]:
    """What a subject says may be no id at all: ``household:unknown``."""
    found = []
    for id in ids:
        with suppress(ValueError):
            found.append(UUID(id))
    return found
