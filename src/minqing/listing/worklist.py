"""What waits for somebody, of all rooms: queues of their lists, their counts, and what is due first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from minqing.core import clock
from minqing.listing.kinds import List, Queue, Waiting, waiting_lists
from minqing.listing.queries import all_at_once, in_one
from minqing.org.access import PageRequest
from minqing.web.paging import Page, page_of
from minqing.web.pieces import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Asked(NamedTuple):
    """What is looked for: words or a number, and the id of an area with all below it."""

    typed: str = ""
    area: int | None = None


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


def tabs_of(request: PageRequest, asked: Asked) -> list[Tab]:
    """All queues in which the actor does something, with their counts, in one statement."""
    tabs, counts = [], counted(request, is_work, asked)
    for listed, waiting in mine(request):
        queues = [queue for queue in waiting.queues.of(request.actor) if queue.act]
        # a list with one queue needs no other word than its own
        labels = [one.label for one in queues] if len(queues) > 1 else [listed.label]
        tabs += [
            Tab(word := f"{listed.name}.{one.name}", listed, waiting, one, label, counts.get(word, 0))
            for one, label in zip(queues, labels, strict=False)
        ]
    return tabs


def counted(request: PageRequest, only: Callable[[Queue], bool], asked: Asked | None = None) -> dict[str, int]:
    """How many there are in the queues of all lists that ``only`` takes, by ``list.queue``: one statement."""
    actor, now = request.actor, clock.now()
    return all_at_once(
        [
            part
            for listed, waiting in mine(request)
            for part in waiting.queues.counting(
                actor,
                found=waiting.found(actor, *asked) if asked else None,
                only=only,
                now=now,
                word=f"{listed.name}.%s",
            )
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
    """The tab of that word, with its list's name or without, else the first in which something waits."""
    named = (tab for tab in tabs if word in {tab.word, tab.queue.name})
    filled = (tab for tab in tabs if tab.waiting_now)
    return next(named, None) or next(filled, None) or next(iter(tabs), None)


def page_in(request: PageRequest, tab: Tab, asked: Asked) -> Page:
    """A page of one queue, its rows as they stand in the worklist."""
    found = tab.waiting.found(request.actor, *asked)
    rows = tab.waiting.queues.within(found, tab.queue.name, request.actor).order_by(*tab.queue.ordered(request.actor))
    page = page_of(rows.values(*tab.waiting.values, "pk"), request)
    waiting = tab.waiting.rows(request, [{**row, "queue": tab.queue.name} for row in page.rows])
    # the tab says what waits in all of them
    return replace(page, rows=[replace(row, sign="") for row in waiting])


def first_of_all(request: PageRequest, now: datetime, *, others: Iterable[Row] = ()) -> list[Row]:
    """What waits for the actor in all lists and ``others``, what is due first on top: a statement for each list."""
    rows = list(others)
    for _listed, waiting in mine(request):
        first = waiting.queues.first(
            request.actor,
            found=waiting.found(request.actor, *Asked()),
            due=waiting.due,
            values=waiting.values,
            now=now,
        )
        rows += waiting.rows(request, first)
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or now))
