"""Machines that somebody may see, what is in them, and how their exchanges stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.machines import rules
from minqing.machines.enums import BUSY, State
from minqing.machines.formats import screen
from minqing.machines.models import Machine, Slot, Trouble, Vend
from minqing.privacy.access import one_of
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.queries import offered_in

TAKEN = (State.DONE, State.LOST)
HAD = sorted({State.DONE, State.UNKNOWN, *BUSY})


def visible_machines(actor: Actor) -> QuerySet[Machine]:
    """Those of the actor's areas, by name."""
    rows = Machine.objects.filter(one_of("area_id", actor.areas))
    return rows.select_related("area").order_by("name", "code")


def with_counts(rows: QuerySet[Machine]) -> QuerySet[Machine]:
    """What a list says of each: slots to fill and closed ones, and exchanges that wait for somebody's word."""
    # as the machine's own page marks them: what is closed, or not offered any more, need not be filled
    short = Q(slots__stock__lte=F("slots__low"), slots__item__active=True, slots__closed_at__isnull=True)
    return rows.annotate(
        short=Count("slots", filter=short, distinct=True),
        closed=Count("slots", filter=Q(slots__closed_at__isnull=False), distinct=True),
        unknown=Count("vends", filter=Q(vends__state=State.UNKNOWN), distinct=True),
        trouble=Count("troubles", filter=Q(troubles__ended_at=None), distinct=True),
    )


def machine_for(actor: Actor, code: str) -> Machine:
    found = visible_machines(actor).filter(code=code).first()
    if found is None:
        raise NotFound("machine")
    return found


def machine_by_code(code: str) -> Machine | None:
    """Whoever asks: its code is on its screen."""
    return Machine.objects.select_related("area").filter(code=code.upper()).first()


def first_machine() -> Machine | None:
    return Machine.objects.order_by("made_at", "pk").first()


def machines_with_key() -> QuerySet[Machine]:
    return Machine.objects.filter(key_made_at__isnull=False).order_by("code")


def machine_made(id: UUID) -> Machine | None:
    return Machine.objects.filter(pk=id).first()


def is_online(machine: Machine, at: datetime | None = None) -> bool:
    return machine.seen_at is not None and (at or clock.now()) - machine.seen_at <= rules.ONLINE


def slots_of(machine: Machine) -> QuerySet[Slot]:
    return Slot.objects.filter(machine=machine).select_related("item").order_by("number")


def goods_for(machine: Machine) -> QuerySet[Any]:
    """What of the catalogue may be put into it."""
    return offered_in(machine.area_id).filter(kind=ItemKind.GOOD)


def slot_numbered(machine: Machine, number: int) -> Slot | None:
    return slots_of(machine).filter(number=number).first()


def sold_by_slot(machine: Machine, since: datetime) -> dict[UUID, tuple[int, int]]:
    """Slot → how many dropped, and points for them."""
    rows = Vend.objects.filter(machine=machine, state__in=TAKEN, reserved_at__gte=since).values_list("slot")
    return {slot: (count, points) for slot, count, points in rows.annotate(Count("pk"), Sum("price"))}


def unknown_of(machine: Machine) -> QuerySet[Vend]:
    """Exchanges of which somebody must say what became of them, the oldest first."""
    return Vend.objects.filter(machine=machine, state=State.UNKNOWN).select_related("slot").order_by("reserved_at")


def latest_of(machine: Machine, most: int = 20) -> QuerySet[Vend]:
    return Vend.objects.filter(machine=machine).order_by("-reserved_at", "-pk")[:most]


def troubles_of(machine: Machine) -> QuerySet[Trouble]:
    return Trouble.objects.filter(machine=machine, ended_at=None).order_by("since")


def had_this_month(person: int, items: Collection[UUID], at: datetime) -> Mapping[UUID, int]:
    """How many of these somebody has had of machines in the month of ``at``, what is under way among them."""
    first = clock.midnight(clock.local_date(at).replace(day=1))
    theirs = Q(person=person) | Q(person=None, account=person)
    rows = Vend.objects.filter(theirs, item__in=items, reserved_at__gte=first, state__in=HAD)
    return dict(rows.values_list("item").annotate(n=Count("pk")).order_by())


def vend_by_id(id: UUID) -> Vend | None:
    return Vend.objects.select_related("machine", "slot").filter(pk=id).first()


def period_shown(machine: Machine, code: str, at: datetime) -> int | None:
    """The period of a picture that is on the machine's screen now, or was the one before; None for any other.

    A machine counts periods by the server's time, which comes with each answer; one period ahead is let through, as
    both do not change at the same moment.
    """
    period = screen.period_in(machine.secret, code)
    now = screen.period_of(at.timestamp())
    return period if period is not None and now - 1 <= period <= now + 1 else None


def forgotten(before: datetime) -> QuerySet[Vend]:
    """Exchanges that wait for somebody's word since before that."""
    return Vend.objects.filter(state=State.UNKNOWN, changed_at__lt=before)
