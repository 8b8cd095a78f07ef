"""What rooms say for the record: their events in words, and how what events are about is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from minqing.core.actor import Actor
from minqing.core.ids import number_typed
from minqing.core.registry import Registry
from minqing.core.room import Deed, Doing, Entry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Generic[Row]):
    """Rows with a number, which events call ``code:id``: as the record finds and names them, and notices.

    ``visible`` are those that an actor may see, ``title`` is what a notice calls one of them.
    """

    code: str
    visible: Callable[[Actor], QuerySet[Row]]
    title: Callable[[Row], StrOrPromise]

    def numbers(self, actor: Actor, ids: Collection[str]) -> dict[str, str]:
        """By their ids."""
        return numbers_in(self.visible(actor), ids)

    def found(self, actor: Actor, typed: str) -> str | None:
        """The id of what has that number, however it was typed."""
        id = self.visible(actor).filter(number=number_typed(typed)).values_list("pk", flat=True).first()
        return str(id) if id else None

    def titles(self, actor: Actor, subjects: Iterable[str]) -> dict[str, str]:
        """By their subjects, of those among them that are such rows."""
        ids = valid_ids([id for one in subjects for room, _colon, id in [one.partition(":")] if room == self.code])
        rows = self.visible(actor).filter(pk__in=ids) if ids else ()
        return {f"{self.code}:{row.pk}": str(self.title(row)) for row in rows}

    def record(self, label: StrOrPromise) -> Record:
        return Record(code=self.code, label=label, named=self.numbers, found=self.found)


def numbers_in(rows: QuerySet[Any], ids: Collection[str]) -> dict[str, str]:
    """The numbers of those of ``rows`` that have one of the ids."""
    return {str(id): number for id, number in rows.filter(pk__in=valid_ids(ids)).values_list("pk", "number")}


def valid_ids(ids: Collection[str]) -> list[UUID]:
    """What a subject says may be no id at all: ``household:unknown``."""
    found = []
    for id in ids:
        with suppress(ValueError):
            found.append(UUID(id))
    return found
