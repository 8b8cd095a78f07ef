"""Reading the outbox. The second wall opens it to the job of this room alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from minqing.core.actor import Actor
from minqing.core.ids import first_id_of
from minqing.notify.enums import Channel, State
from minqing.notify.kinds import TEST
from minqing.notify.models import Outgoing

# nobody knows whether it arrived
UNKNOWN = "outcome_unknown"
# the name under which the wall opens the outbox
JOB = "notify"


def job() -> Actor:
    """The system as the job of this room; it sees notices, wishes, addresses and the outbox, and nothing else."""
    return Actor.system(JOB)


def message_of(notice: UUID) -> Outgoing:
    """The message to somebody outside, by the notice's id."""
    return Outgoing.objects.get(notice=notice)


def parked() -> QuerySet[Outgoing]:
    """What was given up and waits for the operator, the oldest first."""
    return Outgoing.objects.filter(state=State.PARKED).order_by("made_at", "id")


def failing_carriers() -> list[tuple[str, str, int]]:
    """Channel, code and how many messages wait for another try after more than one that failed."""
    failing = Outgoing.objects.filter(state=State.FAILED, tries__gte=2)
    return list(failing.values_list("channel", "error").annotate(Count("id")).order_by("channel", "error"))


def outbox_counts() -> Mapping[str, int]:
    """Messages by state, without those that are over."""
    waiting = Outgoing.objects.filter(state__in=[State.HELD, State.QUEUED, State.SENDING, State.FAILED, State.PARKED])
    return dict(waiting.values_list("state").annotate(Count("id")).order_by("state"))


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a channel's messages: ``sent`` in the last day and when last; ``waiting`` for another try and
    ``parked`` for a decision, ``unsure`` those of them that may have arrived; since when, and the codes that say why.
    """

    sent: int = 0
    last: datetime | None = None
    waiting: int = 0
    parked: int = 0
    unsure: int = 0
    since: datetime | None = None
    codes: tuple[str, ...] = ()

    @property
    def held_up(self) -> int:
        return self.waiting + self.parked

    @property
    def stands(self) -> bool:
        """Whether nothing has left since the oldest that is held up."""
        return self.since is not None and (self.last is None or self.last < self.since)


def carried(*, at: datetime) -> Mapping[Channel, Carried]:
    """Of each channel that had anything to carry; two queries, and of what was sent only the last day is read."""
    held = Q(state__in=[State.FAILED, State.PARKED])
    sent = Q(state=State.SENT)
    recent = Outgoing.objects.filter(held | (sent & Q(pk__gte=first_id_of(at - timedelta(days=1)))))
    counted = recent.values("channel").annotate(
        sent=Count("id", filter=sent),
        last=Max("ended_at", filter=sent),
        waiting=Count("id", filter=Q(state=State.FAILED)),
        parked=Count("id", filter=Q(state=State.PARKED)),
        unsure=Count("id", filter=Q(state=State.PARKED, error=UNKNOWN)),
        since=Min("made_at", filter=held),
    )
    figures: dict[str, dict[str, Any]] = {str(row["channel"]): {**row} for row in counted}
    codes: dict[str, list[str]] = {}
    named = Outgoing.objects.filter(held).exclude(error="").values_list("channel", "error").annotate(times=Count("id"))
    for channel, error, _times in named.order_by("channel", "-times", "error"):
        codes.setdefault(channel, []).append(error)
    return {
        Channel(row.pop("channel")): Carried(**row, codes=tuple(codes.get(channel, ())))
        for channel, row in figures.items()
    }


def tested(notice: UUID) -> Outgoing | None:
    """The operator's test message, by the id that its form had."""
    return Outgoing.objects.filter(notice=notice, kind=TEST).first()
