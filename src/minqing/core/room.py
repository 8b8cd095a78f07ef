"""What a room says of itself. The house reads the declarations and names no room: see ``docs/architecture.md``.

Each room has a module ``room`` with one frozen ``ROOM``; ``config/rooms.py`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from minqing.core.actor import Actor
from minqing.core.gauges import Metric
from minqing.core.health import Check
from minqing.core.hooks import Hooked
from minqing.core.lifecycle import Lifecycle

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern
    from django_stubs_ext import StrOrPromise
    from ninja import Router

# of a listening room: what was written, as the journal hands it over
Listen = Callable[[Any], None]
View = Callable[..., "HttpResponseBase"]
# puts the house's gate in front of a view
Gate = Callable[[View], View]
# who may open which page, by account and address; None where nothing is there yet
Proof = Callable[[], "tuple[UUID, str] | None"]
# for Django's ``include``: addresses, and the space of their names
Patterns = tuple[list["URLPattern"], str]


@dataclass(frozen=True, slots=True)
class Mount:
    """Pages below ``prefix``: a module of urls, or, in rooms below the organisation, a function that takes the gate.

    ``roles`` are the words of those whom that gate lets in; None is everybody who is signed in.
    """

    prefix: str
    urls: str | Callable[[Gate], Patterns]
    roles: frozenset[str] | None = None


class Group(StrEnum):
    """Under which heading an entry of the navigation stands; the desk draws them in this order."""

    OWN = "own"  # a person's own work, without a heading
    RECORDS = "records"
    POINTS = "points"
    TOOLS = "tools"
    ORGANISATION = "organisation"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation of ``roles``. The lowest ``rank`` stands first; a phone shows the first four.

    ``starts`` something new: on the desk it is the button of the head instead, one for each role. ``roles`` that
    hang on what other rooms bring are asked for when all have said it.
    """

    rank: int
    url_name: str
    label: StrOrPromise
    icon: str
    roles: frozenset[str] | Callable[[], frozenset[str]]
    group: Group = Group.OWN
    starts: bool = False

    def is_for(self, role: str) -> bool:
        return role in (self.roles() if callable(self.roles) else self.roles)


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
class SlotPart:
    """What a room adds to ``slot`` of another room's page: ``made`` for a request and what the page is about.

    A slot takes HTML, or things of a kind that the room with the slot names in its README. The lowest ``rank`` stands
    first, and of equal ones that of the lower room. ``roles`` are those whom it is for; None is everybody on that page.
    """

    slot: str
    made: Callable[[Any, Any], Any]
    rank: int = 100
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new county begins with, in a step of its own: ``count`` says how much of it there is.

    The lowest ``rank`` comes first: what the others refer to. ``table`` is the kind that brings what no county can be
    without, by the operator where nothing says ``how``; other steps are done on ``page`` (the name of an address) or as
    ``how`` says.
    """

    rank: int
    label: StrOrPromise
    table: str
    count: Callable[[], int]
    page: str = ""
    how: StrOrPromise = ""


class Doing(StrEnum):
    """What sort of thing an event of the journal tells of."""

    DONE = "done"  # something was made or changed
    LOOK = "look"  # somebody looked at what is personal
    OUT = "out"  # something left the house, or was asked to
    SIGN = "sign"  # somebody came or went
    DENIED = "denied"  # somebody was refused
    UPKEEP = "upkeep"  # the system did it by itself


@dataclass(frozen=True, slots=True)
class Deed:
    """An event of the journal in words: ``told`` says of whoever did it what was done, as "handed {what} to {unit}".

    ``words`` makes further words for it of the event's data.
    """

    type: str
    told: StrOrPromise
    doing: Doing = Doing.DONE
    words: Callable[[Mapping[str, Any]], Mapping[str, str]] | None = None


class Coded(Protocol):
    """A kind of something, under a code that no other has. Of what else it consists the room knows that gathers it."""

    @property
    def code(self) -> str: ...


class Named(Protocol):
    """As a kind, but known by a name."""

    @property
    def name(self) -> str: ...


class OfList(Protocol):
    """Something for the list of that name."""

    @property
    def list(self) -> str: ...


class Held(Protocol):
    """What a room holds of people; see ``privacy/subjects.py``."""

    @property
    def room(self) -> str: ...


class Clocked(Protocol):
    """The clocks of a room, and what it does as time passes; see ``deadlines/books.py``."""

    @property
    def room(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token of another system opens, by the ``code`` that stands in the token; its areas and unit narrow it."""

    code: str
    label: StrOrPromise


class Caller(Protocol):
    """Who calls an operation of the API, before anything is known of it."""

    def identify(self) -> Actor:
        """The actor whose token came along. Raises DomainError 401, 403 or 429."""

    def outside_number(self, number: str) -> str:
        """How a matter of the caller's own ``number`` is known here."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Addresses below ``prefix`` that programs call and no person opens: they are told what goes wrong there.

    ``failed`` answers for a status in a form of its own, else it is problem+json; ``utf_8``: everything is read as
    UTF-8, whatever charset a header names.
    """

    prefix: str
    failed: Callable[[HttpRequest, int], HttpResponse] | None = None
    utf_8: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts that are made once a day from rows and kept, by the job ``name``.

    ``rebuild(by=…)`` makes all anew and returns how many days; ``wrong(by=…)`` are the days that differ from the rows.
    """

    name: str
    rebuild: Callable[..., int]
    wrong: Callable[..., Iterable[date]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up county: whether the database holds it, or a part; what loads it into an empty one, telling a console
    of it, and says whether one is there then; what is printed for those who try it out; names and commands of what runs
    beside it, in a folder of its own, and calls this system at that address."""

    here: Callable[[], bool]
    ensure: Callable[..., bool]
    greeting: Callable[[], object]
    beside: Callable[[Path, str], Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class TableIntake:
    """How tables come in: ``page`` is the name of the address at which they are brought; ``write_empty`` writes the
    empty one of a kind, by its code."""

    page: str
    write_empty: Callable[[BinaryIO, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A closed set of what a room may bring. What it does not bring is left out.

    ``pages``       its addresses
    ``entries``     its places in the navigation
    ``api``         routers of its operations for other systems
    ``scopes``      what a token may open of it
    ``caller``      who calls them: what knows tokens; one room brings it
    ``programs``    addresses of it that programs call
    ``listeners``   what it hears of other rooms and of itself
    ``notices``     kinds of notices that it sends
    ``titles``      what its records are called, for the actor who reads a notice of them
    ``tables``      kinds of tables that bring something of it
    ``takes_tables`` how tables of all rooms come in; one room brings it
    ``exports``     kinds of lists of it that may leave as a table
    ``lists``       its lists, whose pages ``listing`` makes
    ``bulks``       what may be done with several rows of a list at once, its own or a room's below
    ``sheets``      its print sheets, in Word and as PDF
    ``vocabularies`` enums whose words a county may choose
    ``lifecycles``  of what moves through states, for ``docs/reference/lifecycles.md``
    ``checks``      what the doctor looks at of it: ``core.health.Finding``, one or several at once
    ``beginnings``  what a new county begins with, each a step on the operator's page of setting up
    ``proofs``      pages that must open in a county that came out of a backup: each who may, and where
    ``gauges``      figures of its work for Prometheus, of nobody (``core/gauges.py``)
    ``hooks``       what it does at moments of rooms below, in their transaction (``core/hooks.py``)
    ``placed``      what of it lies in an area, and whether it goes along when areas merge (``org/kinds.py``)
    ``subjects``    what it holds of people: finds, gives, corrects, erases, withholds it (``privacy/subjects.py``)
    ``jobs``        what each of its jobs is for, by name, as the operator reads of one that fails or is late
    ``clocks``      its books of clocks, and what becomes of its things as time passes: ``deadlines.books.Upkeep``
    ``deeds``       its events of the journal in words
    ``records``     of what events are about, how it is called without telling anything of it: ``audit.kinds.Record``
    ``slots``       places on its pages to which other rooms may add something, by name (``web/slots.py``)
    ``parts``       what it adds to pages of other rooms: each a :class:`SlotPart` for a slot
    ``reference``   what loads its reference data, as often as one likes
    ``counts``      counts of it that are kept by the day, for ``minqing figures``
    ``operations``  what devices may hand in of it, written without a signal (``sync/kinds.py``)
    ``feeds``       what such devices hold of it
    ``demo``        its part of the made-up county: a class, by its dotted name (``households/demo.py``)
    ``sample``      a made-up county, for ``minqing up --demo``; one room brings it
    ``gathers``     fields of all rooms that it works with, each with what takes in one thing of it
    """

    name: str
    pages: tuple[Mount, ...] = ()
    entries: tuple[Entry, ...] = ()
    api: tuple[Router, ...] = ()
    scopes: tuple[Scope, ...] = ()
    caller: Callable[[HttpRequest], Caller] | None = None
    programs: tuple[Programs, ...] = ()
    listeners: tuple[Listener, ...] = ()
    notices: tuple[Coded, ...] = ()
    titles: Callable[[Actor, Iterable[str]], Mapping[str, str]] | None = None
    tables: tuple[Coded, ...] = ()
    takes_tables: TableIntake | None = None
    exports: tuple[Coded, ...] = ()
    lists: tuple[Named, ...] = ()
    bulks: tuple[OfList, ...] = ()
    sheets: tuple[Coded, ...] = ()
    vocabularies: tuple[Coded, ...] = ()
    lifecycles: tuple[Life, ...] = ()
    checks: tuple[Check, ...] = ()
    beginnings: tuple[Beginning, ...] = ()
    proofs: tuple[Proof, ...] = ()
    gauges: Callable[[], Iterable[Metric]] | None = None
    hooks: tuple[Hooked, ...] = ()
    placed: tuple[Coded, ...] = ()
    subjects: Held | None = None
    jobs: Mapping[str, StrOrPromise] = field(default_factory=dict)
    clocks: tuple[Clocked, ...] = ()
    deeds: tuple[Deed, ...] = ()
    records: tuple[Coded, ...] = ()
    slots: tuple[str, ...] = ()
    parts: tuple[SlotPart, ...] = ()
    reference: tuple[Callable[..., object], ...] = ()
    counts: tuple[Counts, ...] = ()
    operations: tuple[Coded, ...] = ()
    feeds: tuple[Coded, ...] = ()
    demo: str | None = None
    sample: Sample | None = None
    gathers: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
