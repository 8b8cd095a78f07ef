"""What waits for somebody, of all rooms: queues of their lists, their counts, and what is due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from minqing.core import clock
from minqing.listing.kinds import List, Queue, Waiting, waiting_lists
from minqing.listing.queries import FIRST, all_at_once, in_one
from minqing.org.access import PageRequest
from minqing.web.paging import Page, Total, page_of
from minqing.web.pieces import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Asked(NamedTuple):
    """What is looked for: words or a number, and the id of an area with all below it."""

    typed: str = ""
    area: int | None = None


ANYTHING = Asked()


class Tab(NamedTuple):
    """A queue of one of the lists: its word in the address, and how many wait there."""

    word: str
    listed: List
    waiting: Waiting
    queue: Queue
    label: StrOrPromise
    waiting_now: int


def mine(request: PageRequest) -> list[tuple[List, Waiting]]:
    """The lists in which something may wait for this post."""
    found = [(listed, listed.waiting) for listed in waiting_lists() if listed.waiting]
    return [(listed, waiting) for listed, waiting in found if request.actor.has(*waiting.queues.roles)]


# of more in one queue no key is looked at, and what waits in all is said as "1000+"
MOST = 1000
# nor are more rows of one queue laid among the others
FAR = 500


def tabs_of(request: PageRequest, asked: Asked) -> tuple[list[Tab], Total]:
    """All queues in which the actor does something, with their counts, and how many things that are, each once.

    One statement.
    """
    actor, now = request.actor, clock.now()
    parts: list[Any] = []
    for listed, waiting in mine(request):
        found, word = waiting.found(actor, *asked), f"{listed.name}.%s"
        counting = waiting.queues.counting(actor, found=found, only=is_work, now=now, word=word)
        parts += [part.values_list("queue", Cast(F("n"), TextField())) for part in counting]
        # a thing may wait in several queues
        parts += waiting.queues.keys_of(actor, found=found, now=now, word=f"key:{listed.name}.%s", most=MOST + 1)
    rows = in_one(parts)
    keys = {(word.partition(".")[0], key) for word, key in rows if word.startswith("key:")}
    counts = {word: int(number) for word, number in rows if not word.startswith("key:")}
    total = Total(min(len(keys), MOST), len(keys) > MOST)
    return [
        Tab(word := f"{listed.name}.{one.name}", listed, waiting, one, label, counts.get(word, 0))
        for listed, waiting in mine(request)
        for one, label in labelled(request, listed, waiting)
    ], total


def labelled(request: PageRequest, listed: List, waiting: Waiting) -> list[tuple[Queue, StrOrPromise]]:
    """The queues of a list in which the actor does something, by names that stand beside those of other lists."""
    queues = [queue for queue in waiting.queues.of(request.actor) if queue.act]
    # a list with one queue needs no other word than its own
    return [(one, one.named or (one.label if len(queues) > 1 else listed.label)) for one in queues]


def counted(request: PageRequest, only: Callable[[Queue], bool]) -> dict[str, int]:
    """How many there are in the queues of all lists that ``only`` takes, by ``list.queue``: one statement."""
    actor, now = request.actor, clock.now()
    return all_at_once(
        [
            part
            for listed, waiting in mine(request)
            for part in waiting.queues.counting(actor, only=only, now=now, word=f"{listed.name}.%s")
        ]
    )


def waiting_in_all(request: PageRequest, most: int) -> tuple[int, Counter[str]]:
    """How many things wait for the actor, each once, and how many in each queue by ``list.queue``: one statement.

    No more than ``most`` of a queue are looked at.
    """
    now = clock.now()
    rows = in_one(
        [
            part
            for listed, waiting in mine(request)
            for part in waiting.queues.keys_of(request.actor, now=now, word=f"{listed.name}.%s", most=most)
        ]
    )
    return len({(word.partition(".")[0], key) for word, key in rows}), Counter(word for word, _key in rows)


def is_work(queue: Queue) -> bool:
    return bool(queue.act)


def is_asked(queue: Queue) -> bool:
    return queue.asked


class Awaited(NamedTuple):
    """What others are to do: how many, and where they stand."""

    label: StrOrPromise
    number: int
    url: str


def awaited(request: PageRequest) -> list[Awaited]:
    """What the actor waits for, in all lists: one statement, where something may be asked for."""
    counts = counted(request, is_asked)
    return [
        Awaited(one.label, number, f"{reverse(listed.url)}?queue={one.name}")
        for listed, waiting in mine(request)
        for one in waiting.queues.of(request.actor)
        if (number := counts.get(f"{listed.name}.{one.name}"))
    ]


def chosen_of(tabs: Sequence[Tab], word: str) -> Tab | None:
    """The tab of that word, with its list's name or without; none is all that waits."""
    return next((tab for tab in tabs if word in {tab.word, tab.queue.name}), None)


class Merged:
    """What waits in all lists, what is due first on top; a cut of it makes only its own rows."""

    def __init__(self, request: PageRequest, asked: Asked) -> None:
        self.request, self.asked = request, asked

    def __getitem__(self, cut: slice, /) -> list[Row]:
        # what stands before the end of the cut is among so many of each queue
        return first_of_all(self.request, clock.now(), asked=self.asked, most=min(cut.stop, FAR))[cut]


def page_of_all(request: PageRequest, asked: Asked) -> Page:
    """A page of what waits in all queues, by when it is due, each thing once."""
    return page_of(Merged(request, asked), request)


def page_in(request: PageRequest, tab: Tab, asked: Asked) -> Page:
    """A page of one queue, its rows as they stand in the worklist."""
    found = tab.waiting.found(request.actor, *asked)
    rows = tab.waiting.queues.within(found, tab.queue.name, request.actor).order_by(*tab.queue.ordered(request.actor))
    page = page_of(rows.values(*tab.waiting.values, "pk"), request)
    waiting = tab.waiting.rows(request, [{**row, "queue": tab.queue.name} for row in page.rows])
    # the tab says what waits in all of them
    return replace(page, rows=[replace(row, sign="") for row in waiting])


def first_of_all(
    request: PageRequest,
    now: datetime,
    *,
    asked: Asked = ANYTHING,
    others: Iterable[Row] = (),
    most: int = FIRST,
) -> list[Row]:
    """What waits for the actor in all lists and ``others``, what is due first on top: one statement for all lists that
    need no more of a row than its key, another for each that does.

    Of each queue no more than ``most``.
    """
    actor, rows = request.actor, list(others)
    lists = [(listed.name, waiting, waiting.found(actor, *asked)) for listed, waiting in mine(request)]
    keys = in_one(
        [
            part
            for name, waiting, found in lists
            if waiting.by_key
            for part in waiting.queues.first_keys(actor, found=found, due=waiting.due, now=now, word=name, most=most)
        ]
    )
    for name, waiting, found in lists:
        if waiting.by_key:
            own = [row for row in keys if row[0] == name]
            first = waiting.queues.read_keys(own, found=found, due=waiting.due, now=now)
        else:
            first = waiting.queues.first(actor, found=found, due=waiting.due, values=waiting.values, now=now, most=most)
        rows += waiting.rows(request, first)
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or now))
