"""Writing to the journal: the one call that every write of every room ends with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from django.db import connection, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal.enums import CHANNEL
from minqing.journal.models import Event

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
    event = Event.objects.create(
        type=type,
        source=source,
        subject=subject,
        at=at or clock.now(),
        actor=by.ref,
        purpose=by.purpose,
        data=dict(data or {}),
    )
    if not any(hook[1] is wake for hook in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)
    return event


def wake() -> None:
    """A statement of its own: NOTIFY inside a transaction makes all committers queue for one lock."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
