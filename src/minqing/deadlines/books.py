"""What deadlines know of a room: its tables, and which of its clocks mean what. Built once by each room with clocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.registry import Registry
from minqing.core.words import Word
from minqing.deadlines.rows import Clock, Extension, Pause

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

C = TypeVar("C", bound=Clock, covariant=True)


class Thing(Protocol):
    """What clocks hang on: a model that is :class:`minqing.deadlines.rows.Timed`."""

    pk: Any
    rung: str


class ClockFacts(Protocol):
    """What a clock is reckoned from: the model, or a row that was read otherwise."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def target(self) -> str: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def relays(self) -> Collection[Mapping[str, object]]: ...


class PauseFacts(Protocol):
    @property
    def reason(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def planned_end(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def stops(self) -> Collection[str]: ...


class ExtensionFacts(Protocol):
    @property
    def clock_id(self) -> UUID: ...
    @property
    def more(self) -> str: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def granted(self) -> bool | None: ...
    @property
    def decided_at(self) -> datetime | None: ...


def _unit(thing: Any, kind: str) -> object:
    return thing.unit


def _never(thing: object) -> bool:
    return False


def rows_of(table: Any) -> QuerySet[Any]:
    """Raises LookupError for a table that the room does not have."""
    if table is None:
        raise LookupError("this room's clocks neither stand still nor get more time")
    rows: QuerySet[Any] = table._default_manager.all()
    return rows


def _shipped(member: Word) -> str:
    return str(member.label)


@dataclass(frozen=True, kw_only=True, eq=False)
class Book(Generic[C]):
    """The clocks of one room, on which the services of this room work.

    ``room``        whose they are; begins the names of its events
    ``of``          the foreign key by which each of its rows names its thing
    ``clock``, ``pause``, ``extension``   its tables; without pauses nothing ever stands still
    ``own``         kinds of clocks whose deadline is the thing's own; of each thing at most one of them runs
    ``waiting``     those of them that run while no unit has the thing: in nobody's hours, and in nobody's hand
    ``anew``        kinds that count anew where a thing was opened again, as its explanation then says
    ``unit_of``     the unit whose hours count for a thing's clock of a kind
    ``stands``      whether a thing waits at present, so that its clocks may stand still
    ``order``       in which things are locked where several are needed
    ``reference``   package with ``reference/norms.yaml``: its norms, ladder and what a pause stops, which the operator
                    may change; without one nothing is promised and nothing climbs
    ``label``       what its things are called on the operator's pages
    ``kinds``, ``ways``, ``reasons``   its enums of kinds of clocks, ways of handling that have norms, reasons to wait
    ``word``        what the county calls a member of them
    ``lasting``     by reason the kinds that it may never stop, because a law says so
    """

    room: str
    of: str
    clock: type[C]
    pause: type[Pause] | None = None
    extension: type[Extension] | None = None
    own: Collection[str] = frozenset()
    waiting: Collection[str] = frozenset()
    anew: Collection[str] = frozenset()
    unit_of: Callable[[Any, str], Any] = _unit
    stands: Callable[[Any], bool] = _never
    order: Sequence[Any] = field(default=("pk",))
    reference: str = ""
    label: StrOrPromise = ""
    kinds: type[Word] | None = None
    ways: type[Word] | None = None
    reasons: type[Word] | None = None
    word: Callable[[Any], str] = _shipped
    lasting: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def things(self) -> QuerySet[Any]:
        return self.clock._meta.get_field(self.of).related_model._default_manager.all()  # type: ignore[union-attr]

    @property
    def clocks(self) -> QuerySet[C]:
        return self.clock._default_manager.all()

    def clocks_of(self, thing: Thing) -> QuerySet[C]:
        return self.clocks.filter(**{self.of: thing.pk})

    def running(self, thing: Thing) -> QuerySet[C]:
        return self.clocks_of(thing).filter(stopped_at=None)

    def pauses_of(self, thing: Thing) -> QuerySet[Any]:
        return rows_of(self.pause).filter(**{self.of: thing.pk})

    def extensions_of(self, thing: Thing) -> QuerySet[Any]:
        return rows_of(self.extension).filter(**{self.of: thing.pk})

    def thing(self, row: Clock) -> Any:
        return getattr(row, self.of)

    def id_of(self, row: Clock | Pause | Extension) -> UUID:
        """The id of the row's thing, without reading it."""
        return getattr(row, f"{self.of}_id")

    def put(self, row: Clock, thing: Any) -> None:
        """Let ``row`` know the thing that was read already."""
        setattr(row, self.of, thing)


@dataclass(frozen=True, kw_only=True, eq=False)
class Upkeep:
    """What a room does as time passes and nobody does anything. Each acts as ``by``, in a transaction with the thing
    locked.

    ``running``    things whose own clock runs at present: these alone are carried up
    ``suspended``  things that wait
    ``moved``      ``moved(row, sentence, before, by=…, at=…)``: save what ``deadline_of`` says of the row, and write
                   down that the thing was due ``before``; ``sentence`` has places for ``{before}`` and ``{after}``
    ``resume``     take up again what has waited long enough; None where there is nothing to do
    ``escalate``   carry it up one rung; None where there is none above
    ``nearing``    things whose deadline is near at that moment, and of which nobody was reminded
    ``remind``     have somebody reminded of it; None where there is nothing to do
    ``number``     its field by which people know a thing
    ``changed``    its field of when somebody last did something with it
    """

    book: Book[Clock]
    running: Callable[[], QuerySet[Any]]
    moved: Callable[..., None]
    suspended: Callable[[], QuerySet[Any]] | None = None
    resume: Callable[..., object] | None = None
    escalate: Callable[..., object] | None = None
    nearing: Callable[[datetime], QuerySet[Any]] | None = None
    remind: Callable[..., object] | None = None
    number: str = "number"
    changed: str = "changed_at"

    @property
    def room(self) -> str:
        return self.book.room


# of all rooms with clocks, in the order of the rooms
UPKEEPS: Final = Registry[Upkeep](lambda upkeep: upkeep.book.room)
