"""Reading the outbox. The second wall opens it to the job of this room alone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count, QuerySet

from minqing.core.actor import Actor
from minqing.notify.enums import State
from minqing.notify.models import Outgoing

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
