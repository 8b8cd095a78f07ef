"""Who looked at a record 谁看过."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max

from minqing.journal.models import Event

VIEWED = ".viewed"


@dataclass(frozen=True)
class Looked:
    """Somebody's looks at one record: the account (None for the system or a resident), how often, and when last."""

    account_id: UUID | None
    times: int
    last_at: datetime


def looks_at(subject: str, *, limit: int = 20) -> list[Looked]:
    """Who looked at ``subject`` (``household:<id>``), the latest first; one query."""
    looks = Event.objects.filter(subject=subject, type__endswith=VIEWED).values("actor")
    counted = looks.annotate(times=Count("id"), last=Max("at")).order_by("-last", "actor")[:limit]
    return [Looked(account_of(row["actor"]), row["times"], row["last"]) for row in counted]


def account_of(ref: str) -> UUID | None:
    """The account of an actor as the journal names it (``user:<uuid>``)."""
    kind, _, rest = ref.partition(":")
    return UUID(rest) if kind == "user" else None
