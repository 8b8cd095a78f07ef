"""Handing the journal out: who took how much of it becomes an event too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from minqing.core.actor import Actor
from minqing.journal.queries import cloud_events, events_between
from minqing.journal.services import Json, record


def export_events(
    *, since: datetime | None = None, until: datetime | None = None, types: Collection[str] = ()
) -> Iterator[dict[str, object]]:
    """CloudEvents of what was recorded in the span, as one consistent reading; to be read to its end."""
    with transaction.atomic():
        count = 0
        for event in cloud_events(events_between(since=since, until=until, types=types)):
            count += 1
            yield event
        data: dict[str, Json] = {
            "events": count,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "types": list(types),
        }
        record(type="journal.exported", subject="journal", by=Actor.system("journal.export"), data=data)
