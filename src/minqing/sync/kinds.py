"""What rooms above declare: which operations of a device they take, and what a device is to hold of theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.registry import Registry
from minqing.sync.enums import Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Content = dict[str, Any]
# key → what a device holds under it
Parcels = Mapping[str, Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One operation as a room gets it. ``written_at`` is the moment by our clock: the phone's own may be days wrong.

    ``base`` says of each field from which version the chain of changes began; ``ready`` is what the kind made ready.
    """

    id: UUID
    about: str
    written_at: datetime
    sent_at: datetime
    base: Mapping[str, str]
    ready: Any = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A photo that an operation names and that comes after it in a lane of its own: its SHA-256, and its bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of it; ``thing`` is the record that there is now, as the journal names it.

    ``photos`` are still to come for that thing; with them goes the area in which it lies. ``told`` is what whoever
    wrote it must know besides, ``code`` the mark of that.
    """

    outcome: Outcome
    thing: str = ""
    photos: Sequence[Owed] = ()
    area_id: int | None = None
    code: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Photos:
    """How a room takes photos that come after an operation.

    ``hold``    of (``thing``, ``by``): locks what others lock before the thing; what it returns is ``held``
    ``attach``  of (``held``, ``attachment_id``, ``by``, ``at``): one service of the room; raises DomainError
    """

    hold: Callable[[str, Actor], Any]
    attach: Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One kind of operation. Operations outlive releases: a phone may have written them months ago.

    ``schema``     the newest form of its content; ``upcasters`` lead from each older number to the one after it
    ``read``       content of the newest form, as the room wants it; raises DomainError for what cannot be
    ``apply``      of (``sent``, ``content``, ``by``, ``at``), by one service of the room: all of it or nothing
    ``ready``      what all operations of one message need, by what they are about: read and locked once, also for
                   several kinds that name the same function
    ``photos``     how those are taken that it names
    ``place``      the area in which what it is about lies, whoever may see it; None where there is no such thing
    ``shown``      what it says, in words and in order, for whoever is to decide about it
    """

    code: str
    schema: int
    read: Callable[[Content], Any]
    apply: Callable[..., Applied]
    upcasters: Mapping[int, Callable[[Content], Content]] = field(default_factory=dict)
    ready: Callable[[Collection[str], Actor], Any] | None = None
    photos: Photos | None = None
    place: Callable[[Any], int | None] = lambda _content: None
    shown: Callable[[Any], Sequence[tuple[StrOrPromise, StrOrPromise]]] = lambda _content: ()

    def newest(self, content: Content, schema: int) -> Content:
        for number in range(schema, self.schema):
            content = self.upcasters[number](content)
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What devices hold of a room: ``parcels`` of an actor, all of them, by keys that begin with ``code:``.

    ``left`` says of keys that are held no more, to whom they went. ``asked``: only phones hold them that
    say that they know them; one of before would take them for something else.
    """

    code: str
    parcels: Callable[[Actor], Parcels]
    left: Callable[[Actor, Collection[str]], Mapping[str, str]]
    asked: bool = False


OPERATIONS: Final = Registry[Operation](lambda operation: operation.code)
FEEDS: Final = Registry[Feed](lambda feed: feed.code)


def operation_of(code: str, schema: int) -> Operation | None:
    """None for a kind, or a form of it, that this server does not know: it may be older than the phone."""
    found = OPERATIONS.get(code)
    known = found is not None and (schema == found.schema or schema in found.upcasters)
    return found if known else None


def feeds(knows: Collection[str] = ()) -> list[Feed]:
    """Those of a phone that ``knows`` these besides.

    In an order that does not hang on the rooms: what a phone holds is compared.
    """
    there = [feed for feed in FEEDS if not feed.asked or feed.code in knows]
    return sorted(there, key=lambda feed: feed.code)
