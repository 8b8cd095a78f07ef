"""Writing to the journal: the one call that every write of every room ends with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.journal.models import CHANNEL, Event

# what the database sets itself is left to it (journal.models.Event)
COPY = "COPY journal_event (id, type, source, subject, at, actor, purpose, data) FROM STDIN"
Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


def record(
    *,
    type: str,
    subject: str,
    by: Actor,
    data: Mapping[str, Json] | None = None,
    at: datetime | None = None,
    source: str = "/minqing",
) -> Event:
    """Append one event in the caller's transaction: it is there exactly if what it tells is.

    ``type`` is ``room.thing.verb`` (``matters.matter.assigned``), ``subject`` names one record (``matter:<id>``).
    Subscribers are woken after the commit, once for all events of the transaction.
    """
    event = event_of(type=type, subject=subject, by=by, data=data, at=at, source=source)
    event.save(force_insert=True)
    return event


def event_of(
    *,
    type: str,
    subject: str,
    by: Actor,
    data: Mapping[str, Json] | None = None,
    at: datetime | None = None,
    source: str = "/minqing",
) -> Event:
    """The event that :func:`record` appends, for a caller that inserts it together with what it tells of."""
    wake_after_commit()
    return Event(
        type=type,
        source=source,
        subject=subject,
        at=at or clock.now(),
        actor=by.ref,
        purpose=by.purpose,
        data=dict(data or {}),
    )


def record_all(
    *, type: str, about: Iterable[tuple[str, Mapping[str, Json]]], by: Actor, at: datetime, source: str = "/minqing"
) -> None:
    """One event for each pair of subject and data, as :func:`record` appends it, all in one COPY."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for subject, data in about:
            copy.write_row((new_id(), type, source, subject, at, by.ref, by.purpose, Jsonb(dict(data))))
    wake_after_commit()


def wake_after_commit() -> None:
    if not any(hook[1] is wake for hook in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """A statement of its own: NOTIFY inside a transaction makes all committers queue for one lock."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
