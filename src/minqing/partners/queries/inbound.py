"""Events that came in: which wait, which were laid aside, what stands before what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.matters.enums import Channel
from minqing.matters.queries.outside import matter_named
from minqing.org.queries import system_actor
from minqing.partners import rules
from minqing.partners.enums import OPEN, InboundState
from minqing.partners.models import Inbound, Partner


def inbox_actor() -> Actor:
    """Who keeps the inbox: it sees the rows of every partner."""
    return system_actor("partners.inbox")


def place_of(row: Inbound) -> rules.SequencePoint:
    return rules.SequencePoint(row.sequence, row.at)


def of_subject(row: Inbound) -> list[Inbound]:
    """The partner's other events about the same thing, without their bodies."""
    if not row.subject:
        return []
    found = Inbound.objects.filter(partner_id=row.partner_id, subject=row.subject).exclude(pk=row.pk)
    return list(found.defer("raw"))


def held_up(row: Inbound, others: list[Inbound]) -> bool:
    """Whether something about the same thing comes before it and is still to be taken over."""
    return any(one.state in OPEN and rules.comes_before(place_of(one), place_of(row)) for one in others)


def overtaken(row: Inbound, others: list[Inbound]) -> bool:
    """Whether something that comes after it was taken over already."""
    applied = InboundState.APPLIED
    return any(one.state == applied and rules.comes_before(place_of(row), place_of(one)) for one in others)


def outside_number(partner: Partner, number: str) -> str:
    """How a matter of the partner is known in its channel."""
    return f"{partner.code}:{number}"


def matter_meant(actor: Actor, partner: Partner, name: str) -> Any:
    """The matter that a partner means, if it may know of it: ``matter:<id>``, our number, or its own."""
    number = outside_number(partner, name)
    return matter_named(actor, name, channel=Channel.PARTNER, outside_number=number) if name else None


def due_inbound(now: datetime) -> list[UUID]:
    """What waits and may be tried again, in the order in which it came."""
    found = Inbound.objects.filter(state__in=OPEN, next_at__lte=now, partner__active=True)
    return list(found.order_by("received_at", "id").values_list("id", flat=True)[:200])


def aside_of(partner: Partner) -> list[UUID]:
    """What of a partner is laid aside, in the order in which it came; act as :func:`inbox_actor` to see it."""
    return list(laid_aside().filter(partner=partner).order_by("received_at", "id").values_list("id", flat=True))


def laid_aside() -> QuerySet[Inbound]:
    """What the operator must look at, newest first; act as :func:`inbox_actor` to see it."""
    found = Inbound.objects.select_related("partner").defer("raw").filter(state=InboundState.DEAD.value)
    return found.order_by("-received_at", "-id")
