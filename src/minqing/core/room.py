"""What a room says of itself. The house reads the declarations and names no room: see ``docs/architecture.md``.

Each room has a module ``room`` with one frozen ``ROOM``; ``config/rooms.py`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from minqing.core.actor import Actor
from minqing.core.health import Check
from minqing.core.hooks import Hooked
from minqing.core.lifecycle import Lifecycle

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# of a listening room: what was written, as the journal hands it over
Listen = Callable[[Any], None]
# puts the house's gate in front of a view
Gate = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Mount:
    """Pages below ``prefix``: a module of urls, or, in rooms below the organisation, a function that takes the gate.

    ``roles`` are the words of those whom that gate lets in; None is everybody who is signed in.
    """

    prefix: str
    urls: str | Callable[[Gate], Any]
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation of ``roles``. The lowest ``rank`` stands first; a phone shows the first four."""

    rank: int
    url_name: str
    label: StrOrPromise
    icon: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listener:
    """``heard`` is called for each event of those ``types`` (``households.household.*``), once under its ``name``."""

    name: str
    types: tuple[str, ...]
    heard: Listen


@dataclass(frozen=True, slots=True)
class Life:
    """How something moves through states; ``parties`` are who may make each move, where the table says it all."""

    title: str
    lifecycle: Lifecycle[Any, Any]
    note: str = ""
    parties: Mapping[Any, Collection[StrEnum]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What a room adds to ``slot`` of another room's page: ``made`` for a request and what the page is about.

    A slot takes HTML, or things of a kind that the room with the slot names in its README. The lowest ``rank`` stands
    first, and of equal ones that of the lower room. ``roles`` are those whom it is for; None is everybody on that page.
    """

    slot: str
    made: Callable[[Any, Any], Any]
    rank: int = 100
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A closed set of what a room may bring. What it does not bring is left out.

    ``pages``       its addresses
    ``entries``     its places in the navigation
    ``api``         routers of its operations for other systems
    ``listeners``   what it hears of other rooms and of itself
    ``notices``     kinds of notices that it sends
    ``titles``      what its records are called, for the actor who reads a notice of them
    ``tables``      kinds of tables that it takes in
    ``exports``     kinds of lists of it that may leave as a table
    ``lists``       its lists, whose pages ``listing`` makes
    ``bulks``       what may be done with several rows of a list at once, its own or a room's below
    ``sheets``      its print sheets, in Word and as PDF
    ``vocabularies`` enums whose words a county may choose
    ``lifecycles``  of what moves through states, for ``docs/reference/lifecycles.md``
    ``checks``      what the doctor looks at of it: ``core.health.Finding``, one or several at once
    ``hooks``       what it does at moments of rooms below, in their transaction (``core/hooks.py``)
    ``subjects``    what it holds of people: finds, gives, corrects, erases, withholds it (``privacy/subjects.py``)
    ``slots``       places on its pages to which other rooms may add something, by name (``web/slots.py``)
    ``parts``       what it adds to pages of other rooms: each a :class:`Part` for a slot
    ``reference``   what loads its reference data, as often as one likes
    ``admin``       the module that registers its tables for the operator
    """

    name: str
    pages: tuple[Mount, ...] = ()
    entries: tuple[Entry, ...] = ()
    api: tuple[Any, ...] = ()
    listeners: tuple[Listener, ...] = ()
    notices: tuple[Any, ...] = ()
    titles: Callable[[Actor, Iterable[str]], Mapping[str, str]] | None = None
    tables: tuple[Any, ...] = ()
    exports: tuple[Any, ...] = ()
    lists: tuple[Any, ...] = ()
    bulks: tuple[Any, ...] = ()
    sheets: tuple[Any, ...] = ()
    vocabularies: tuple[Any, ...] = ()
    lifecycles: tuple[Life, ...] = ()
    checks: tuple[Check, ...] = ()
    hooks: tuple[Hooked, ...] = ()
    subjects: Any = None
    slots: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    reference: tuple[Callable[..., object], ...] = ()
    admin: str = ""
