"""What a list is. Rooms above say what one of theirs holds and shows; this room makes the page of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from django.http import QueryDict

from minqing.core.errors import NotFound
from minqing.core.registry import Registry

if TYPE_CHECKING:
    from datetime import datetime

    from django import forms
    from django.db.models import Q, QuerySet
    from django_stubs_ext import StrOrPromise

    from minqing.core.actor import Actor
    from minqing.org.access import PageRequest
    from minqing.web.paging import Cut, Page
    from minqing.web.pieces import Row
    from minqing.web.ticking import Whole


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its ``heading``, and what of a row stands in its ``cell``, text or safe HTML.

    ``order`` names the list's order that the heading sorts by. The first column is the thing itself.
    """

    heading: StrOrPromise
    cell: Callable[[Any], object]
    order: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A total order, by fields, and whether what is most stands first."""

    fields: tuple[Any, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A way to another page, for those ``roles``; one of them is ``main``. Behind rows it takes their filters along."""

    label: StrOrPromise
    url: str
    icon: str
    roles: Set[str]
    main: bool = False


class Way(NamedTuple):
    """The address's name of a page, and what its button says."""

    url: str
    label: StrOrPromise


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: nothing is here, and what to do about it, with a way there."""

    icon: str
    title: StrOrPromise
    text: StrOrPromise = ""
    way: Callable[[PageRequest], Way | None] | None = None


class Leaving(Protocol):
    """A list that may leave as a table (``exports.kinds.Kind``): who takes it out, and where it is asked for."""

    @property
    def roles(self) -> Set[str]: ...

    @property
    def ask_url(self) -> str: ...


class Waits(Protocol):
    """What waits in a list (``listing.queries.Queues``): its queues of one actor, their counts, and their rows."""

    @property
    def roles(self) -> frozenset[Any]: ...

    def get(self, name: str, /) -> Queue | None: ...

    def of(self, actor: Actor) -> Sequence[Queue]: ...

    def counts(
        self, actor: Actor, *, found: Any = None, only: Callable[[Queue], bool] | None = None
    ) -> Mapping[str, int]: ...

    def counting(
        self,
        actor: Actor,
        *,
        found: Any = None,
        only: Callable[[Queue], bool] | None = None,
        now: datetime,
        word: str = "%s",
    ) -> Sequence[Any]: ...

    def keys_of(self, actor: Actor, *, found: Any = None, now: datetime, word: str, most: int) -> Sequence[Any]: ...

    def within(self, rows: Any, name: str, actor: Actor) -> Any: ...

    def first(
        self, actor: Actor, *, found: Any, due: str, values: tuple[str, ...], now: datetime, most: int = ...
    ) -> list[dict[str, Any]]: ...

    def first_keys(
        self, actor: Actor, *, found: Any, due: str, now: datetime, word: str, most: int = ...
    ) -> Sequence[Any]: ...

    def read_keys(self, rows: Any, *, found: Any, due: str, now: datetime) -> list[dict[str, Any]]: ...


def as_they_are(_request: PageRequest, rows: Sequence[object]) -> Sequence[object]:
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list.

    ``name``     stands with what people keep of it; ``label`` over the page, ``url`` is its address's name
    ``roles``    who opens it
    ``rows``     what the actor may see of what the filters leave, without an order
    ``orders``   by the word in the address; the first is meant where none is named
    ``columns``  of a table, which a phone shows as cards; or ``lines``, a template of the ``rows`` as ``<li>``
    ``shown``    what cells or lines get of the rows of one page, made for all of them at once
    ``values``   fields of the rows where these need be no models
    ``form``     filters for the values of an address, of which those in ``first`` stand in the open
    ``queues``   what waits in it, as tabs above the filters: a tab and the filters are ANDed
    ``below``    what stands under a whole page of it, such as figures, as safe HTML that a template has made
    ``above``    a template of what stands above all of it: another search, whose answer takes the place of the list
    ``buttons``  beside the heading, ``foot`` those behind the rows
    ``empty``    said of an empty list, ``nothing`` where filters leave nothing
    ``exports``  the kind of table as which it may leave
    ``keeps``    whether people may keep it as it is filtered, under a name
    ``counted``  the sentence of how many rows there are (``%(n)s``), at a statement more where there are several pages
    ``waiting``  how its things stand in the worklist and on the first page of those for whom they wait
    ``looked``   notes for the journal who looked at the page, where that is to be told
    """

    name: str
    label: StrOrPromise
    url: str
    roles: Set[Any]
    rows: Callable[[PageRequest, Any], Cut | Any]
    orders: Mapping[str, Order] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    lines: str = ""
    shown: Callable[[PageRequest, Sequence[Any]], Sequence[Any]] = as_they_are
    values: tuple[str, ...] = ()
    form: Callable[[PageRequest, QueryDict], forms.Form] | None = None
    first: tuple[str, ...] = ()
    queues: Waits | None = None
    below: Callable[[PageRequest], str] | None = None
    above: str = ""
    buttons: tuple[Button, ...] = ()
    foot: tuple[Button, ...] = ()
    empty: Empty
    nothing: Empty | None = None
    exports: Leaving | None = None
    keeps: bool = False
    counted: StrOrPromise = ""
    looked: Callable[[PageRequest, Any, Page], None] | None = None
    waiting: Waiting | None = None
    size: int = 50

    def order(self, word: str) -> str:
        """The order that is meant by an address's word."""
        return word if word in self.orders else next(iter(self.orders), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What may be done with several rows of a list at once.

    ``list``   its name; the room of the act may lie above that of the list
    ``roles``  who does it
    ``boxes``  of each row that the list shows the box that ticks it, as safe HTML, or nothing
    ``whole``  of the list's rows those that may be ticked, and ``picks`` what the box of each of these sends
    ``most``   so many of them at once
    ``form``   stands above the rows where one of them has a box: HTML that a template has made
    """

    list: str
    roles: Set[Any]
    boxes: Callable[[PageRequest, Sequence[Any]], Iterable[str]]
    whole: Callable[[PageRequest, Any], Any]
    picks: Callable[[Any], Sequence[str]]
    form: Callable[[PageRequest, Whole], str]
    most: int = 500


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work in a list: for which ``roles``, which rows (``holds``), in which ``order``.

    A queue says *whose* work it is; filters say *where*: the two are ANDed.
    """

    name: str
    label: StrOrPromise
    icon: str
    roles: frozenset[Any]
    holds: Callable[[Actor, datetime], Q]
    order: tuple[object, ...]
    # the word of the button that does it, beside a row of what waits; without one the queue is for looking only
    act: StrOrPromise = ""
    # an expression by which some stand before the others for this person, whatever the order
    before: Callable[[Actor], object] | None = None
    # others are to do something, because this person or the own unit has asked: told quietly, and nobody's worklist
    asked: bool = False
    # its name beside queues of other lists, where ``label`` does not say of what
    named: StrOrPromise = ""

    def ordered(self, actor: Actor) -> tuple[object, ...]:
        """The order of its page for ``actor``."""
        return (self.before(actor), *self.order) if self.before else self.order


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a list's things stand among all that waits for somebody, of whatever room.

    ``queues``  whose work they are; of a queue without an ``act`` nothing is said there
    ``found``   what the actor may see of them, what is ``typed`` looked for, in the area of that id and below it
    ``due``     the field by which the first come first
    ``values``  fields of theirs that ``rows`` need, beside the queue's name as ``queue``
    ``rows``    a line for each
    """

    queues: Waits
    found: Callable[[Actor, str, int | None], QuerySet[Any]]
    due: str
    values: tuple[str, ...]
    rows: Callable[[PageRequest, Sequence[Mapping[str, Any]]], Sequence[Row]]

    @property
    def by_key(self) -> bool:
        """Whether the rows are known by their keys: then they are found in one statement with those of other lists."""
        return self.values == (self.due,)


def query_kept(
    form: forms.Form | None, given: QueryDict, actor: Actor, *, orders: Mapping[str, Order], queues: Waits | None
) -> str:
    """Of what stands behind a list's ``?`` only what its filters take, the queue if it is one of ``actor``'s, and an
    unusual order: what the list itself goes by, as the query of an address.
    """
    kept = QueryDict(mutable=True)
    if form:
        form.is_valid()
        kept.update({name: given.get(name, "") for name, value in form.cleaned_data.items() if value})
    if queues and given.get("queue") in {one.name for one in queues.of(actor)}:
        kept["queue"] = str(given["queue"])
    if given.get("order") in [*orders][1:]:
        kept["order"] = str(given["order"])
    return kept.urlencode()


LISTS: Final = Registry[List](lambda listed: listed.name, partial(NotFound, "list"))
# one act for each list
BULKS: Final = Registry[Bulk](lambda bulk: bulk.list)


def waiting_lists() -> list[List]:
    """Those whose things wait for somebody; the rooms that people work in most lie highest and come first."""
    return [listed for listed in reversed(LISTS) if listed.waiting]


def keepers() -> frozenset[Any]:
    """The roles that open some list which can be kept."""
    return frozenset().union(*(listed.roles for listed in LISTS if listed.keeps))


def workers() -> frozenset[Any]:
    """The roles for which something may wait."""
    return frozenset().union(*(one.waiting.queues.roles for one in waiting_lists() if one.waiting))
