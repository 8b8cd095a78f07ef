"""Kinds of tables. Rooms above say what a table of theirs looks like; this room does the rest.

A kind is a list of columns and a factory of :class:`Table`: one object for each pass over a file, which checks row
by row, looks at the database batch by batch, and stores what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.registry import Registry
from minqing.core.sheets import Field
from minqing.intake.storage.seen_keys import Seen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Column(Field):
    """A field of core.sheets with what a template and a list of problems need besides.

    ``mask`` hides most of a private value; ``free`` text may look like a formula; ``moment`` is a day or a time, so
    that a bare number is a spreadsheet's count of days.
    """

    note: StrOrPromise = ""
    example: str = ""
    mask: Callable[[str], str] | None = None
    free: bool = False
    moment: bool = False


@dataclass(slots=True)
class Row:
    """One row on its way: ``number`` in the file, ``cells`` as read, ``data`` as checked (the kind's own shape).

    ``problems`` is a sentence by field name; ``""`` stands for the row as a whole. ``remarks`` are sentences on what a
    row holds that is taken all the same: it is kept otherwise. ``warned`` holds the codes of the kind's options whose
    warning this row is one for. ``outcome``: ``created``, ``updated`` or ``unchanged``, once it was stored or tried.
    """

    number: int
    cells: Sequence[str]
    data: Any = None
    problems: dict[str, StrOrPromise] = field(default_factory=dict)
    remarks: dict[str, StrOrPromise] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)
    outcome: str = ""


@dataclass(slots=True)
class Stored:
    """How many rows of a batch made something new, changed something, or changed nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, other: Stored) -> None:
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged


class Table(Protocol):
    """One pass over one file."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        """Set ``row.data``, or ``row.problems``. No query; ``cell`` is text by field name, empty if not there."""

    def look(self, rows: Sequence[Row]) -> None:
        """Find in the database what speaks against rows that are right in themselves; adds to their problems."""

    def understood(self, row: Row) -> Mapping[str, str]:
        """What stands in a row's ``data`` as a person reads it, by field name: days, words of a list, places, units.

        Of what is left out the cell itself is shown.
        """

    def store(self, rows: Sequence[Row]) -> Stored:
        """Store rows without problems, in the caller's transaction. A row that is there is changed, never doubled."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way of loading. ``warning`` (with ``%(number)d``) says what happens to the rows that are warned of it."""

    code: str
    label: StrOrPromise
    warning: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What whoever loads a table decides for all its rows; the first option stands unless another one is chosen."""

    label: StrOrPromise
    options: tuple[Option, ...]
    note: StrOrPromise = ""

    def taken(self, code: str) -> str:
        return next((one.code for one in self.options if one.code == code), self.options[0].code)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """``open`` begins a pass as an actor. ``event`` is recorded once for each stored batch, with its counts.

    A kind with a ``choice`` is opened with the code of the option as ``choice``.

    ``taken`` is what a clerk reads where the database refuses a row for reasons she may not see.

    ``rows`` is all that is stored, in the same columns: a table of the county's own settings goes out and comes back,
    and what it would change is tried when it is checked; ``called`` is the column by which a change is named then.

    A kind that is ``seconded`` is loaded once two people have brought the same file and read the same of it: as many
    rows, and the same sum of what this counts of each right one, which both see.
    """

    code: str
    label: StrOrPromise
    explanation: StrOrPromise
    columns: tuple[Column, ...]
    roles: frozenset[str]
    open: Callable[..., Table]
    event: str
    taken: StrOrPromise
    more_examples: tuple[Mapping[str, str], ...] = ()
    choice: Choice | None = None
    rows: Callable[[], Iterable[Mapping[str, object]]] | None = None
    called: str = ""
    seconded: Callable[[Row], int] | None = None

    def opened(self, by: Actor, book: Seen, choice: str = "") -> Table:
        return self.open(by, book, choice=self.choice.taken(choice)) if self.choice else self.open(by, book)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


ActorSource = Callable[[UUID | None, UUID | None], Actor | None]
KINDS: Final = Registry[TableKind](lambda kind: kind.code, partial(NotFound, "import_kind"))
_actors: list[ActorSource] = []


def register_actors(source: ActorSource) -> None:
    """``source(account, post)`` is who acts in a background job; ``(None, None)`` is the system itself.

    It answers None for somebody who may no longer act: rights are those of now, not of the upload.
    """
    _actors[:] = [source]


def actor_for(account: UUID | None, post: UUID | None) -> Actor | None:
    return _actors[0](account, post)


def kinds_for(actor: Actor) -> list[TableKind]:
    return [kind for kind in KINDS if actor.kind == "system" or actor.roles & kind.roles]
