"""Lists that somebody comes back to, everybody's own; and what waits in a list, as queues."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Count, DateTimeField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.listing.kinds import Queue
from minqing.listing.models import SavedFilter
from minqing.org.enums import Role


def saved_filters(actor: Actor) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(account_id=actor.person).order_by("name", "list"))


def saved_filter(actor: Actor, filter_id: UUID) -> SavedFilter | None:
    return SavedFilter.objects.filter(account_id=actor.person, pk=filter_id).first()


Row = TypeVar("Row", bound=Model)


def in_one(parts: Sequence[QuerySet[Any, Any]]) -> list[Any]:
    """The rows of all ``parts``, of whatever tables, in one statement; none without a part."""
    return list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else [row for part in parts for row in part]


def all_at_once(parts: Sequence[QuerySet[Any, tuple[str, int]]]) -> dict[str, int]:
    """What the ``parts`` count (:meth:`Queues.counting`), by its word."""
    return dict(in_one(parts))


# so many of each queue are looked at for what is due first of all
FIRST = 40


class Queues(Mapping[str, Queue], Generic[Row]):
    """The queues of one list, by name, in the order of their use; ``visible`` is what an actor may see of its rows."""

    def __init__(self, visible: Callable[[Actor], QuerySet[Row]], queues: Iterable[Queue]) -> None:
        self.visible = visible
        self.by_name = {queue.name: queue for queue in queues}

    def __getitem__(self, name: str) -> Queue:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    @property
    def roles(self) -> frozenset[Role]:
        """Those that have one of them."""
        return frozenset[Role]().union(*(queue.roles for queue in self.values()))

    def of(self, actor: Actor) -> list[Queue]:
        """Those that somebody in this post may have."""
        return [queue for queue in self.values() if actor.has(*queue.roles)]

    def within(self, rows: QuerySet[Row], name: str, actor: Actor, now: datetime | None = None) -> QuerySet[Row]:
        """Those of ``rows`` in the queue of that name; none where the actor's post has no such queue."""
        queue = self.get(name)
        if queue is None or not actor.has(*queue.roles):
            return rows.none()
        return rows.filter(queue.holds(actor, now or clock.now()))

    def counts(
        self,
        actor: Actor,
        *,
        found: QuerySet[Row] | None = None,
        only: Callable[[Queue], bool] | None = None,
        now: datetime | None = None,
    ) -> dict[str, int]:
        """How many there are in each queue of the actor, in one statement; each takes the index of its own.

        ``found`` are those of the visible rows among which is counted, where a search leaves fewer; ``only`` says
        which queues, none of which costs nothing.
        """
        queues = [queue for queue in self.of(actor) if only is None or only(queue)]
        return {queue.name: 0 for queue in queues} | all_at_once(
            self.counting(actor, found=found, only=only, now=now or clock.now())
        )

    def counting(
        self,
        actor: Actor,
        *,
        found: QuerySet[Row] | None = None,
        only: Callable[[Queue], bool] | None = None,
        now: datetime,
        word: str = "%s",
    ) -> list[QuerySet[Row, tuple[str, int]]]:
        """Of each queue the statement that counts it, for one union, also with those of other lists.

        Each row is the queue's name, set into ``word``, and how many; of an empty queue there is none.
        """
        rows = self.visible(actor) if found is None else found
        return [
            self.within(rows, queue.name, actor, now)
            .order_by()
            .annotate(queue=Value(word % queue.name))
            .values("queue")
            .annotate(n=Count("pk"))
            .values_list("queue", "n")
            for queue in self.of(actor)
            if only is None or only(queue)
        ]

    def keys_of(
        self, actor: Actor, *, found: QuerySet[Row] | None = None, now: datetime, word: str, most: int
    ) -> list[QuerySet[Row, tuple[str, str]]]:
        """Of each queue in which something is done, its name in ``word`` and the keys of ``most`` of its things."""
        rows = self.visible(actor) if found is None else found
        return [
            self.within(rows, queue.name, actor, now)
            .order_by()
            .values_list(Value(word % queue.name), Cast("pk", TextField()))[:most]
            for queue in self.of(actor)
            if queue.act
        ]

    def first(
        self,
        actor: Actor,
        *,
        found: QuerySet[Row],
        due: str,
        values: tuple[str, ...],
        now: datetime,
        most: int = FIRST,
    ) -> list[dict[str, Any]]:
        """What waits in those queues of the actor in which something is done, by when it is due: one statement.

        Of each queue no more than ``most``. A thing that waits in several stands in the first of them.
        """
        working = [queue for queue in self.of(actor) if queue.act]
        if not working:
            return []
        by_due = F(due).asc(nulls_last=True)
        parts = [
            self.within(found, queue.name, actor, now)
            .order_by(by_due, "pk")
            .values(*{due: None, **dict.fromkeys(values)}, "pk", queue=Value(queue.name), nth=Value(nth))[:most]
            for nth, queue in enumerate(working)
        ]
        return each_once(in_one(parts), due, now)

    def first_keys(
        self, actor: Actor, *, found: QuerySet[Row], due: str, now: datetime, word: str, most: int = FIRST
    ) -> list[QuerySet[Row, Any]]:
        """What :meth:`first` asks for where a list needs no more of a row than its key and when it is due: a part of
        one union with those of other lists, read by :meth:`read_keys`. ``word`` says of which list a row is.
        """
        by_due = F(due).asc(nulls_last=True)
        key, at = Cast("pk", TextField()), Cast(due, DateTimeField())
        return [
            self.within(found, queue.name, actor, now)
            .order_by(by_due, "pk")
            .values_list(Value(word), Value(queue.name), Value(nth), key, at)[:most]
            for nth, queue in enumerate(self.of(actor))
            if queue.act
        ]

    def read_keys(
        self,
        rows: Iterable[tuple[str, str, int, str, datetime | None]],
        *,
        found: QuerySet[Row],
        due: str,
        now: datetime,
    ) -> list[dict[str, Any]]:
        """The rows of this list as :meth:`first` has them."""
        meta = found.model._meta
        is_day = not isinstance(meta.get_field(due), DateTimeField)
        # a day was made the moment at which it begins in UTC, as the connection has it
        read = [
            {
                due: at.date() if at and is_day else at,
                "pk": meta.pk.to_python(key),
                "queue": queue,
                "nth": nth,
            }
            for _word, queue, nth, key, at in rows
        ]
        return each_once(read, due, now)


def each_once(rows: list[dict[str, Any]], due: str, now: datetime) -> list[dict[str, Any]]:
    """By when they are due; what waits in several queues stands in the first of them."""
    rows.sort(key=lambda row: row["nth"])
    kept = {row["pk"]: row for row in reversed(rows)}
    return sorted(kept.values(), key=lambda row: (row[due] is None, row[due] or now, str(row["pk"])))
