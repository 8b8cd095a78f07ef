"""What every move of a row with a state has in common: lock it, look whether the move is open, move on, write it down.

Who may make a move is the business of the room's rules; that one form is one move, of :mod:`journal.idempotency`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.core.lifecycle import Lifecycle, M, S
from minqing.journal.services import Json, record, record_all

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, kw_only=True)
class Moves(Generic[Row, S, M]):
    """The moves of one model, which has a field ``state``.

    ``events`` are the types of the events of moves; a move without one is no news. ``subject`` names a row in the
    journal, ``event_data`` is what each event says of it. ``rows`` are what is locked, with what they are read with.
    ``closed`` is the refusal of a move that is not open.
    """

    model: type[Row]
    lifecycle: Lifecycle[S, M]
    events: Mapping[M, str]
    subject: Callable[[Row], str]
    event_data: Callable[[Row], Mapping[str, Json]] = field(default=lambda row: {})
    rows: Callable[[], models.QuerySet[Row]] | None = None
    closed: Callable[[], Conflict] = lambda: Conflict("wrong_state")

    def lock(self, pk: object) -> Row:
        """The row, for this transaction alone. Raises NotFound where there is none in sight."""
        rows = self.rows() if self.rows else self.model._default_manager.all()
        row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound()
        return row

    def target(self, row: Row, move: M) -> S | None:
        """Where ``move`` leads from the row's state; None where it is not open."""
        state: S | None = None if row._state.adding else vars(row)["state"]
        return self.lifecycle.target(state, move)

    def move_on(self, row: Row, move: M, **changes: object) -> list[str]:
        """Set the state that ``move`` leads to and ``changes`` on a locked row, which is not stored yet; their names.

        Raises Conflict where the move is not open. Nothing else sets a state (tests/architecture/test_states.py).
        """
        to = self.target(row, move)
        if to is None:
            raise self.closed()
        for name, value in (changes | {"state": to.value}).items():
            setattr(row, name, value)
        return ["state", *changes]

    def move_all(self, rows: models.QuerySet[Row], move: M, **changes: object) -> int:
        """Move on all of ``rows`` for whom the move is open, in one statement: how many. For moves without an event."""
        if move in self.events:
            raise TypeError(f"each row tells of {move}")
        states, to = self.lifecycle.moving(move)
        return rows.filter(state__in=[one.value for one in states]).update(state=to.value, **changes)

    def begin_all(
        self, rows: Sequence[Row], move: M, *, by: Actor, at: datetime, data: Callable[[Row], Mapping[str, Json]]
    ) -> None:
        """Insert rows that are not stored yet, each with the move's event, in two statements; without any, none."""
        for row in rows:
            self.move_on(row, move)
        if rows:
            self.model._default_manager.bulk_create(rows)
            about = [(self.subject(row), {**self.event_data(row), **data(row)}) for row in rows]
            record_all(type=self.events[move], about=about, by=by, at=at)

    def finish(
        self, row: Row, move: M, *, by: Actor, at: datetime, data: Mapping[str, Json] | None = None, **changes: Any
    ) -> Row:
        """Move a locked row on, store it with ``changes``, and append the move's one event with ``data`` added.

        A row that is not stored yet is inserted whole. Raises Conflict where the move is not open.
        """
        changed = self.move_on(row, move, **changes)
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=changed)
        if kind := self.events.get(move):
            facts = {**self.event_data(row), **(data or {})}
            record(type=kind, subject=self.subject(row), by=by, at=at, data=facts)
        return row


# the versions in which a row that is moved here was seen by its sender; see ``as_seen``
_seen: ContextVar[tuple[UUID, frozenset[str]] | None] = ContextVar("seen_version", default=None)


def version_of(changed_at: datetime) -> str:
    """The same until a row's next change; it says of itself after which moment others came."""
    return format(round(changed_at.timestamp() * 1_000_000), "x")


def moment_of(version: str) -> datetime | None:
    """The moment that a version stands for; None where it is no version of ours."""
    try:
        return datetime.fromtimestamp(int(version, 16) / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


@contextmanager
def as_seen(pk: UUID, *versions: str) -> Iterator[None]:
    """What is moved inside was seen in one of these versions (:func:`seen_before`). Empty ones say nothing."""
    named = frozenset(filter(None, versions))
    token = _seen.set((pk, named) if named else None)
    try:
        yield
    finally:
        _seen.reset(token)


def seen_before(pk: UUID, version: str) -> str | None:
    """The latest version in which its sender saw this row, if it is not ``version`` any more; None otherwise."""
    seen = _seen.get()
    if seen is None or seen[0] != pk or version in seen[1]:
        return None
    return max(seen[1])
