"""What waits for somebody, of all rooms: queues of their lists, their counts, and what is due first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from minqing.listing.kinds import List, Queue, Waiting, waiting_lists
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
    """All queues in which the actor does something, with their counts: one statement for each list."""
    tabs = []
    for listed, waiting in mine(request):
        found = waiting.found(request.actor, *asked)
        counts = waiting.queues.counts(request.actor, found=found, only=is_work)
        queues = [queue for queue in waiting.queues.of(request.actor) if queue.act]
        # a list with one queue needs no other word than its own
        labels = [one.label for one in queues] if len(queues) > 1 else [listed.label]
        tabs += [
            Tab(f"{listed.name}.{one.name}", listed, waiting, one, label, counts[one.name])
            for one, label in zip(queues, labels, strict=False)
        ]
    return tabs


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
    """What the actor waits for, in all lists: a statement for each list in which something may be asked for."""
    told = []
    for listed, waiting in mine(request):
        counts = waiting.queues.counts(request.actor, only=is_asked)
        queues = [one for one in waiting.queues.of(request.actor) if counts.get(one.name)]
        told += [Awaited(one.label, counts[one.name], f"{reverse(listed.url)}?queue={one.name}") for one in queues]
    return told


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
